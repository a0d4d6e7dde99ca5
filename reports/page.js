"use strict";
(() => {
  // The page is complete without this: it narrows the list of rules, unfolds them, and keeps both in the address.
  const bar = document.getElementById("bar");
  const rules = [...document.querySelectorAll("details.rule")];
  const texts = new Map();
  const field = (name) => bar.elements.namedItem(name);
  const boxes = [...bar.querySelectorAll("[name=s]")];

  const text = (rule) => {
    if (!texts.has(rule)) texts.set(rule, rule.textContent.toLowerCase());
    return texts.get(rule);
  };

  const filter = () => {
    const statuses = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
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

  // The filter stands behind `#?`, so that an address can be sent to a colleague; `#V-…` still names a rule.
  const remember = () => {
    const state = new URLSearchParams();
    const off = boxes.some((box) => !box.checked);
    if (off) state.set("s", boxes.filter((box) => box.checked).map((box) => box.value).join(","));
    if (field("c").value) state.set("c", field("c").value);
    if (field("q").value) state.set("q", field("q").value);
    const hash = state.toString();
    history.replaceState(null, "", hash ? `#?${hash}` : "#rules");
  };
  const recall = () => {
    if (!location.hash.startsWith("#?")) return;
    const state = new URLSearchParams(location.hash.slice(2));
    const statuses = state.has("s") ? state.get("s").split(",") : null;
    for (const box of boxes) box.checked = !statuses || statuses.includes(box.value);
    field("c").value = state.get("c") || "";
    field("q").value = state.get("q") || "";
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

  // Unfolding goes in slices, so that a page with much evidence never stops answering.
  const unfold = (list, open) => {
    const end = performance.now() + 40;
    while (list.length > 0 && performance.now() < end) list.shift().open = open;
    if (list.length > 0) requestAnimationFrame(() => unfold(list, open));
  };
  field("all").addEventListener("click", () => {
    const shown = rules.filter((rule) => !rule.hidden);
    const open = shown.some((rule) => !rule.open);
    unfold(shown.filter((rule) => rule.open !== open), open);
    field("all").textContent = open ? "Fold all" : "Expand all";
  });

  // A count leads to the rules that it counts.
  for (const link of document.querySelectorAll("[data-only]")) {
    link.addEventListener("click", () => {
      for (const box of boxes) box.checked = box.value === link.dataset.only;
      field("c").value = "";
      field("q").value = "";
      filter();
    });
  }

  // The finding as text for a checklist.
  for (const finding of document.querySelectorAll(".finding")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    const id = finding.closest(".body").id;
    button.setAttribute("aria-label", `Copy the finding of ${id}`);
    button.addEventListener("click", () => {
      const words = finding.firstChild.textContent.trim();
      navigator.clipboard.writeText(`${id}: ${words}`).then(
        () => { button.textContent = "Copied"; },
        () => getSelection().selectAllChildren(finding),
      );
    });
    finding.append(" ", button);
  }

  // How old the snapshot is on the day of reading.
  for (const time of document.querySelectorAll("header time")) {
    const days = Math.floor((Date.now() - Date.parse(time.dateTime)) / 86400000);
    if (days >= 0) time.after(` (${days} ${days === 1 ? "day" : "days"} ago)`);
  }

  let folded = [];
  addEventListener("beforeprint", () => {
    folded = rules.filter((rule) => !rule.hidden && !rule.open);
    for (const rule of folded) rule.open = true;
  });
  addEventListener("afterprint", () => {
    for (const rule of folded) rule.open = false;
  });

  bar.addEventListener("input", () => { filter(); remember(); });
  bar.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", () => { recall(); filter(); reveal(); });
  bar.hidden = false;
  recall();
  filter();
  reveal();
})();
