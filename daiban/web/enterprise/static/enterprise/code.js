// The code of a QR link stands behind "#", which no browser sends: it is put into the form, sent, and forgotten here.
"use strict";

(function () {
  var form = document.querySelector("[data-code-form]");
  var code = decodeURIComponent(window.location.hash.slice(1));
  if (!form || !code) {
    return;
  }
  window.history.replaceState(null, "", window.location.pathname);
  form.elements.code.value = code.slice(0, 60);
  form.submit();
})();
