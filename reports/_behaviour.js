"use strict";
// The page is complete without this: it opens what a link leads to.
(() => {
  const open = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    if (target && target.checkVisibility && !target.closest("details > summary")) target.scrollIntoView();
  };
  addEventListener("hashchange", open);
  if (location.hash) open();
})();
