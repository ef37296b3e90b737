"use strict";
// The page is complete without this: it opens what a link leads to.
(() => {
  const open = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    let moved = false;
    for (let at = target; at; at = at.parentElement) {
      if (at.tagName !== "DETAILS" || at.open) continue;
      at.open = moved = true;
    }
    if (moved) target.scrollIntoView();
  };
  addEventListener("hashchange", open);
  if (location.hash) open();
})();
