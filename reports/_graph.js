"use strict";
// The graph is complete without this: it opens folders in place, finds them, and shows what a box is connected with.
(() => {
  const frame = document.getElementById("graph");
  if (!frame) return;
  const tools = document.getElementById("graph-tools");
  const input = tools.querySelector("input");
  const told = tools.querySelector("output");
  const crumbs = tools.querySelector(".crumbs");
  const overview = frame.querySelector("svg");
  let views;
  const folderOf = (view) => view.querySelector("summary code").textContent;

  const shown = () => frame.querySelector("svg");
  const boxes = () => [...shown().querySelectorAll(".box")];
  const nameOf = (box) => box.querySelector("title").textContent;

  const light = (box) => {
    const all = boxes();
    const at = box ? all.indexOf(box) : -1;
    const near = new Set([at]);
    for (const path of shown().querySelectorAll("path[data-a]")) {
      const is = at >= 0 && (+path.dataset.a === at || +path.dataset.b === at);
      path.classList.toggle("lit", is);
      if (is) near.add(+path.dataset.a).add(+path.dataset.b);
    }
    shown().classList.toggle("lighted", at >= 0);
    all.forEach((each, index) => each.classList.toggle("lit", near.has(index)));
  };

  const find = () => {
    const sought = input.value.trim().toLowerCase();
    let found = 0;
    for (const box of boxes()) {
      const is = !sought || nameOf(box).toLowerCase().includes(sought);
      box.classList.toggle("dim", !is);
      found += is;
    }
    shown().classList.toggle("sought", Boolean(sought));
    const all = boxes();
    for (const path of shown().querySelectorAll("path[data-a]")) {
      path.classList.toggle("dim", all[path.dataset.a].classList.contains("dim") && all[path.dataset.b].classList.contains("dim"));
    }
    told.textContent = sought ? `${found} of ${all.length} boxes` : "";
  };

  const crumb = (label, id, isLast) => {
    const button = document.createElement(isLast ? "b" : "button");
    button.textContent = label;
    if (!isLast) {
      button.type = "button";
      button.addEventListener("click", () => show(id));
    }
    return button;
  };
  const show = (id) => {
    views ||= new DOMParser().parseFromString(document.getElementById("folders").textContent, "text/html").body;
    const view = [...views.children].find((each) => each.id === id);
    const folder = view ? folderOf(view) : "";
    const left = shown();
    left.replaceWith(view ? view.querySelector("svg").cloneNode(true) : overview);
    const parts = view ? folder.split("/").filter((part) => part && part !== ".") : [];
    crumbs.replaceChildren();
    if (view) {
      crumbs.append(crumb("all folders", "", false));
      if (folder === "./") crumbs.append(" › ", crumb("./", folder, true));
      parts.forEach((part, index) => {
        const path = parts.slice(0, index + 1).join("/") + "/";
        const around = [...views.children].find((each) => folderOf(each) === path);
        crumbs.append(" › ", crumb(part + "/", around ? around.id : "", path === folder));
      });
    }
    find();
    frame.scrollTo(0, 0);
    frame.focus({ preventScroll: true });
  };

  frame.addEventListener("click", (event) => {
    const box = event.target.closest("a.box");
    if (!box) return;
    event.preventDefault();
    show(decodeURIComponent(box.getAttribute("href").slice(1)));
  });
  frame.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && shown() !== overview) show("");
  });
  frame.addEventListener("pointerover", (event) => light(event.target.closest(".box")));
  frame.addEventListener("pointerleave", () => light(null));
  frame.addEventListener("focusin", (event) => light(event.target.closest(".box")));
  frame.addEventListener("focusout", () => light(null));
  input.addEventListener("input", find);
  tools.hidden = false;
})();
