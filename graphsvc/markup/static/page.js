/* What pages do a little better with a script; every one of them works without it. */
(() => {
  "use strict";
  const root = document.documentElement;
  const keep = (value) => { try { return value === undefined ? localStorage.getItem("theme") : localStorage.setItem("theme", value); } catch { return null; } };
  const theme = keep();
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;

  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const say = (sv, en) => (root.lang === "en" ? en : sv);

  /* The choice of light or dark is kept for the next page. */
  function rememberTheme() {
    for (const radio of all('input[name="theme"]')) {
      radio.checked = radio.value === (root.dataset.theme || "auto");
      radio.addEventListener("change", () => {
        if (radio.value === "auto") delete root.dataset.theme; else root.dataset.theme = radio.value;
        keep(radio.value);
      });
    }
  }

  /* A list is filtered as one writes; the words are told to those who hear the page. */
  function filterLists() {
    for (const field of all("input[data-filters]")) {
      const list = document.getElementById(field.dataset.filters);
      const told = document.getElementById(field.dataset.tells);
      if (!list) continue;
      const items = all("[data-words]", list);
      const show = () => {
        const words = field.value.toLocaleLowerCase("sv").split(/\s+/).filter(Boolean);
        let shown = 0;
        for (const item of items) {
          item.hidden = !words.every((word) => item.dataset.words.includes(word));
          if (!item.hidden) shown += 1;
        }
        for (const group of all("[data-group]", list)) group.hidden = !group.querySelector("[data-words]:not([hidden])");
        if (told) told.textContent = shown + say(" av ", " of ") + items.length;
      };
      field.addEventListener("input", show);
      show();
    }
  }

  /* Names are suggested as one writes: in a field of a form its whole text, in a question its last word. */
  function suggestNames() {
    for (const field of all("input[data-suggests]")) {
      const list = document.createElement("datalist");
      list.id = field.id + "-namn";
      field.after(list);
      field.setAttribute("list", list.id);
      let waiting, asked;
      field.addEventListener("input", () => {
        clearTimeout(waiting);
        const [, before, word] = field.dataset.part === "word" ? field.value.match(/^(.*?)([\p{L}\p{N}-]*)$/u) : ["", "", field.value];
        if (word.trim().length < 3) return;
        waiting = setTimeout(async () => {
          asked?.abort();
          asked = new AbortController();
          const query = new URLSearchParams({ q: word, lang: root.lang, most: "8" });
          for (const kind of field.dataset.suggests.split(" ")) query.append("kind", kind);
          try {
            const answer = await fetch("/api/search?" + query, { signal: asked.signal });
            if (!answer.ok) return;
            const { hits } = await answer.json();
            list.replaceChildren(...hits.map((hit) => Object.assign(document.createElement("option"), { value: before + hit.label })));
          } catch { /* what is suggested is only a help */ }
        }, 150);
      });
    }
  }

  /* All passages of an answer are opened, or closed, at once. */
  function openProofs() {
    for (const table of all("table.answer")) {
      const proofs = all("details.proof", table);
      if (proofs.length < 2) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "plain";
      const name = () => { button.textContent = proofs.every((one) => one.open) ? say("Stäng alla ställen", "Close all passages") : say("Visa alla ställen", "Show all passages"); };
      button.addEventListener("click", () => {
        const open = !proofs.every((one) => one.open);
        for (const one of proofs) one.open = open;
        name();
      });
      for (const one of proofs) one.addEventListener("toggle", name);
      name();
      table.before(button);
    }
  }

  /* The address of a page is copied. */
  function copyLinks() {
    if (!navigator.clipboard) return;
    for (const link of all("a.permanent")) {
      const before = link.textContent;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        navigator.clipboard.writeText(link.href).then(() => {
          link.textContent = say("Länken är kopierad", "The link is copied");
          link.setAttribute("role", "status");
          setTimeout(() => { link.textContent = before; link.removeAttribute("role"); }, 2500);
        }, () => { location.href = link.href; });
      });
    }
  }

  /* A form that has been sent says that it waits. */
  function tellWaiting() {
    for (const form of all('form[method="get"]')) {
      form.addEventListener("submit", () => form.setAttribute("aria-busy", "true"));
    }
    addEventListener("pageshow", () => all('form[aria-busy]').forEach((form) => form.removeAttribute("aria-busy")));
  }

  /* What is folded is printed. */
  let folded = [];
  addEventListener("beforeprint", () => { folded = all("main details:not([open])"); for (const one of folded) one.open = true; });
  addEventListener("afterprint", () => { for (const one of folded) one.open = false; });

  addEventListener("DOMContentLoaded", () => { rememberTheme(); filterLists(); suggestNames(); openProofs(); copyLinks(); tellWaiting(); });
})();
