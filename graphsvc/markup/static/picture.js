/* A picture can be made larger and smaller, moved, and shown one link at a time; without a script it scrolls. */
(() => {
  "use strict";
  const frame = document.getElementById("ritning");
  const svg = frame?.querySelector("svg");
  if (!svg) return;
  const say = (sv, en) => (document.documentElement.lang === "en" ? en : sv);
  const all = (selector) => [...svg.querySelectorAll(selector)];
  const tools = document.createElement("div");
  tools.className = "tools";
  frame.before(tools);

  const button = (label, act, name = label) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "plain";
    made.textContent = label;
    if (name !== label) made.setAttribute("aria-label", name);
    made.addEventListener("click", () => act(made));
    return made;
  };
  const group = (label, buttons) => {
    const made = document.createElement("div");
    made.setAttribute("role", "group");
    made.setAttribute("aria-label", label);
    made.append(...buttons);
    tools.append(made);
  };

  let scale = 1;
  let base = 0;
  const zoom = (next, x = frame.clientWidth / 2, y = frame.clientHeight / 2) => {
    const before = scale;
    if (before === 1) base = svg.getBoundingClientRect().width;
    scale = Math.min(5, Math.max(1, next));
    const left = ((frame.scrollLeft + x) * scale) / before - x;
    const top = ((frame.scrollTop + y) * scale) / before - y;
    svg.style.width = scale === 1 ? "" : base * scale + "px";
    svg.style.maxWidth = scale === 1 ? "" : "none";
    frame.scrollTo(left, top);
  };
  group(say("Storlek", "Size"), [
    button("+", () => zoom(scale * 1.4), say("Större", "Larger")),
    button("−", () => zoom(scale / 1.4), say("Mindre", "Smaller")),
    button(say("Hela", "Whole"), () => zoom(1), say("Visa hela bilden", "Show the whole picture")),
  ]);
  frame.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const box = frame.getBoundingClientRect();
    zoom(scale * (event.deltaY < 0 ? 1.15 : 1 / 1.15), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });
  frame.addEventListener("keydown", (event) => {
    if (event.target !== frame || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "+") zoom(scale * 1.4); else if (event.key === "-") zoom(scale / 1.4); else if (event.key === "0") zoom(1);
  });

  let held = null;
  frame.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button !== 0) return;
    held = { x: event.clientX, y: event.clientY, left: frame.scrollLeft, top: frame.scrollTop, moved: false };
  });
  addEventListener("pointermove", (event) => {
    if (!held) return;
    if (Math.abs(event.clientX - held.x) + Math.abs(event.clientY - held.y) > 4) held.moved = true;
    if (held.moved) frame.scrollTo(held.left - event.clientX + held.x, held.top - event.clientY + held.y);
  });
  addEventListener("pointerup", () => setTimeout(() => { held = null; }));
  frame.addEventListener("click", (event) => { if (held?.moved) event.preventDefault(); }, true);
  frame.addEventListener("dragstart", (event) => event.preventDefault());

  /* Which links are shown: what no shown link leads to is set aside. */
  const choice = document.getElementById("val-role");
  const names = choice ? new Map([...choice.options].filter((one) => one.value).map((one) => [one.value, one.textContent])) : new Map();
  const used = new Set(all(".link").map((one) => one.dataset.role));
  const hidden = new Set(choice?.value ? [...used].filter((role) => role !== choice.value) : []);
  const show = () => {
    const seen = new Set();
    const known = new Set();
    for (const link of all(".link")) {
      const off = hidden.has(link.dataset.role);
      link.classList.toggle("off", off);
      for (const end of [link.dataset.from, link.dataset.to]) { known.add(end); if (!off) seen.add(end); }
    }
    for (const box of all(".box")) {
      const things = box.dataset.things.split(" ");
      box.classList.toggle("off", hidden.has(box.dataset.kind) || (things.some((one) => known.has(one)) && !things.some((one) => seen.has(one))));
    }
  };
  if (used.size > 1) {
    group(say("Samband som visas", "Links shown"), [...names].filter(([role]) => used.has(role)).map(([role, label]) => {
      const made = button(label, () => {
        if (hidden.has(role)) hidden.delete(role); else hidden.add(role);
        made.setAttribute("aria-pressed", String(!hidden.has(role)));
        show();
      });
      made.setAttribute("aria-pressed", String(!hidden.has(role)));
      return made;
    }));
    show();
  }
})();
