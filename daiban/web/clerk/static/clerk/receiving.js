"use strict";

(function () {
  // A whole folder goes where single files go.
  document.addEventListener("change", function (event) {
    if (!event.target.matches("[data-folder]")) { return; }
    var files = document.querySelector(".drop input[type=file]");
    files.files = event.target.files;
    files.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // Enter opens the first document of the queue.
  document.addEventListener("keydown", function (event) {
    var first = document.querySelector("[data-first]");
    if (event.key === "Enter" && first && event.target === document.body) { first.click(); }
  });
})();
