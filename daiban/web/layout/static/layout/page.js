// What every page needs beside htmx: nothing is evaluated, nothing is inline.
"use strict";

(function () {
  // A button that was pressed once is not pressed twice while its form is on its way.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.sent === "yes") {
      event.preventDefault();
      return;
    }
    // A form that is answered by a download ("data-again") stays, and may be sent again.
    if (form.method === "post" && !form.hasAttribute("hx-post") && !form.hasAttribute("data-again")) {
      form.dataset.sent = "yes";
    }
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
    });
  });

  // "data-confirm" on a button asks before it acts.
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-confirm]");
    if (button && !window.confirm(button.dataset.confirm)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);

  // "data-print" prints the page.
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) {
      window.print();
    }
  });

  // A place to drop files on: a label around its file input. What is dropped is what the input then holds.
  ["dragover", "dragleave", "drop"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var place = event.target.closest && event.target.closest(".drop");
      if (!place) {
        return;
      }
      event.preventDefault();
      place.classList.toggle("over", name === "dragover");
      var input = place.querySelector("input[type=file]");
      if (name === "drop" && input && event.dataTransfer.files.length) {
        input.files = event.dataTransfer.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  });
  document.addEventListener("change", function (event) {
    var place = event.target.closest && event.target.closest(".drop");
    if (!place) {
      return;
    }
    var names = Array.prototype.map.call(event.target.files, function (file) { return file.name; });
    var said = place.querySelector(".chosen");
    if (said) {
      said.textContent = names.length ? "已选 " + names.length + " 个文件：" + names.slice(0, 5).join("、") + (names.length > 5 ? " 等" : "") : "";
    }
  });
})();
