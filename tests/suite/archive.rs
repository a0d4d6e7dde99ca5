//! Every format, read whole, cut, damaged and hostile.

mod damage;
mod formats;
mod hostile;
mod limits;
mod make;
