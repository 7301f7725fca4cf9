"use strict";

(function () {
  var MODES = ["side", "came", "original", "overlay"];
  var compare = document.querySelector("[data-compare]");
  var panes = compare ? compare.querySelectorAll(".pane") : [];

  // -- looking: side by side, one in place of the other, one over the other; larger -------------------
  function setMode(mode) {
    MODES.forEach(function (name) { compare.classList.toggle(name, name === mode); });
    document.querySelectorAll("[data-mode]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    });
    remember("mode", mode);
    toPlace();
  }

  function setZoom(large) {
    compare.classList.toggle("large", large);
    document.querySelector("[data-zoom]").setAttribute("aria-pressed", String(large));
    remember("large", large ? "yes" : "");
    toPlace();
  }

  function remember(name, value) {
    try { window.sessionStorage.setItem("deciding-" + name, value); } catch (error) { /* the page works without */ }
  }

  function remembered(name) {
    try { return window.sessionStorage.getItem("deciding-" + name); } catch (error) { return null; }
  }

  // Both panes show the place in question in their middle, and move together.
  function toPlace() {
    panes.forEach(function (pane) {
      var place = pane.querySelector(".place.current rect");
      if (!place) { return; }
      var box = place.getBoundingClientRect();
      var frame = pane.getBoundingClientRect();
      pane.scrollTop += box.top + box.height / 2 - frame.top - frame.height / 2;
      pane.scrollLeft += box.left + box.width / 2 - frame.left - frame.width / 2;
    });
  }

  var follows = false;
  panes.forEach(function (pane) {
    pane.addEventListener("scroll", function () {
      if (follows) { return; }
      follows = true;
      panes.forEach(function (other) {
        if (other !== pane) { other.scrollTop = pane.scrollTop; other.scrollLeft = pane.scrollLeft; }
      });
      window.requestAnimationFrame(function () { follows = false; });
    });
  });

  // -- answering --------------------------------------------------------------------------------------
  var form = document.querySelector("[data-answer]");
  var reason = form ? form.querySelector("[name=reason]") : null;
  var waiting = null; // the answer that waits for its reason

  function press(button) {
    if (button.hasAttribute("data-reason") && reason && !reason.value.trim()) {
      waiting = button;
      reason.setAttribute("aria-invalid", "true");
      reason.focus();
      return;
    }
    button.click();
  }

  if (form) {
    form.addEventListener("click", function (event) {
      var button = event.target.closest("button[name=answer]");
      if (!button) { return; }
      form.querySelector("[name=finding]").value = button.dataset.findingNumber || "";
      if (button.hasAttribute("data-reason") && !reason.value.trim()) {
        event.preventDefault();
        press(button);
      }
    });
    reason.addEventListener("keydown", function (event) {
      if (event.key === "Enter") {
        event.preventDefault();
        if (waiting && reason.value.trim()) { waiting.click(); }
      } else if (event.key === "Escape") {
        waiting = null;
        reason.removeAttribute("aria-invalid");
        reason.blur();
      }
    });
  }

  // -- keys -------------------------------------------------------------------------------------------
  function toFinding(step) {
    var links = Array.prototype.slice.call(document.querySelectorAll("[data-finding]"));
    var here = links.findIndex(function (link) { return link.getAttribute("aria-current") === "true"; });
    var next = links[here + step];
    if (next) { next.click(); }
  }

  function nextMode() {
    var here = MODES.findIndex(function (name) { return compare.classList.contains(name); });
    setMode(MODES[(here + 1) % MODES.length]);
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) { return; }
    var key = event.key.toLowerCase();
    var candidate = document.querySelectorAll("[data-issue]")[Number(key) - 1];
    var button = document.querySelector('[data-key="' + (/^[a-z]$/.test(key) ? key : "") + '"]');
    if (/^[1-9]$/.test(key) && candidate) { candidate.click(); }
    else if (button) { press(button); }
    else if (key === "j") { toFinding(1); }
    else if (key === "k") { toFinding(-1); }
    else if (key === "v" && compare) { nextMode(); }
    else if (key === "z" && compare) { setZoom(!compare.classList.contains("large")); }
    else { return; }
    event.preventDefault();
  });

  // -- an unplaced page: a candidate fills the form ----------------------------------------------------
  document.addEventListener("click", function (event) {
    var chosen = event.target.closest("[data-issue]");
    if (chosen) {
      document.getElementById("id_issue").value = chosen.dataset.issue;
      document.getElementById("id_number").value = chosen.dataset.number;
      document.getElementById("id_reason").focus();
    }
    var mode = event.target.closest("[data-mode]");
    if (mode && compare) { setMode(mode.dataset.mode); }
    if (event.target.closest("[data-zoom]")) { setZoom(!compare.classList.contains("large")); }
  });

  if (compare) {
    setMode(MODES.indexOf(remembered("mode")) >= 0 ? remembered("mode") : "side");
    setZoom(remembered("large") === null ? Boolean(compare.querySelector(".place.current")) : remembered("large") === "yes");
    window.addEventListener("load", function () {
      toPlace();
      var warm = document.querySelector("[data-warm]");
      if (warm) { new Image().src = warm.dataset.warm; } // the next document's page is made while this one is read
    });
  }
})();
