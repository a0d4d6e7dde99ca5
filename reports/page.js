"use strict";
(() => {
  // The page is complete without this: it only narrows the list of rules and unfolds them.
  const bar = document.getElementById("bar");
  const rules = [...document.querySelectorAll("details.rule")];
  const texts = new Map();
  const field = (name) => bar.elements.namedItem(name);

  const text = (rule) => {
    if (!texts.has(rule)) texts.set(rule, rule.textContent.toLowerCase());
    return texts.get(rule);
  };

  const filter = () => {
    const statuses = new Set(
      [...bar.querySelectorAll("[name=s]:checked")].map((box) => box.value),
    );
    const cat = field("c").value;
    const words = field("q").value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const rule of rules) {
      const keep =
        statuses.has(rule.dataset.s) &&
        (cat === "" || rule.dataset.c === cat) &&
        words.every((word) => text(rule).includes(word));
      rule.hidden = !keep;
      if (keep) shown += 1;
    }
    field("n").value = `${shown} of ${rules.length} rules shown`;
  };

  // A link to a rule must find it even while the filter hides it.
  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    const rule = target && target.closest("details.rule");
    if (!rule) return;
    rule.hidden = false;
    rule.open = true;
    rule.scrollIntoView();
  };

  field("all").addEventListener("click", () => {
    const open = rules.some((rule) => !rule.hidden && !rule.open);
    for (const rule of rules) if (!rule.hidden) rule.open = open;
    field("all").textContent = open ? "Fold all" : "Expand all";
  });

  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const part of folded) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of folded) part.open = false;
  });

  bar.addEventListener("input", filter);
  bar.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", reveal);
  bar.hidden = false;
  filter();
  reveal();
})();
