// What is chosen or photographed is sent at once; what is missing then stands where it was asked for.
"use strict";

(function () {
  var busy = document.querySelector("[data-upload-busy]");
  document.addEventListener("change", function (event) {
    var form = event.target.closest && event.target.closest("[data-upload]");
    if (form && event.target.files && event.target.files.length) {
      form.requestSubmit ? form.requestSubmit() : window.htmx.trigger(form, "submit");
    }
  });
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (event.target.matches("[data-upload]")) {
      busy.hidden = false;
    }
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.target.matches("[data-upload]")) {
      busy.hidden = true;
      event.target.reset();
      event.target.querySelector(".chosen").textContent = "";
    }
  });
  document.addEventListener("htmx:xhr:progress", function (event) {
    var bar = busy.querySelector("progress");
    if (event.target.matches("[data-upload]") && event.detail.lengthComputable) {
      bar.max = event.detail.total;
      bar.value = event.detail.loaded;
    }
  });
  document.addEventListener("htmx:sendError", function () {
    busy.hidden = false;
    busy.textContent = "没有传上去：网络断了。请再选一次。";
  });
})();
