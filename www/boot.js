// Before anything else: the remembered theme, so that nothing flashes, and words for browsers that cannot run the page.
(function () {
  var root = document.documentElement;
  var hash = location.hash;
  var theme = /[#&]theme=(light|dark)/.exec(hash);
  try {
    theme = theme ? theme[1] : localStorage.getItem("tunescape-theme");
  } catch (e) {
    // No storage in a sandboxed frame: the system's preference counts.
    theme = theme && theme[1];
  }
  if (theme === "light" || theme === "dark") root.setAttribute("data-theme", theme);
  // Another language, as the address says or the browser prefers: its words come beside.
  var wanted = /[#&]lang=([a-z]+)/.exec(hash);
  var language = wanted ? wanted[1] : String(navigator.language).slice(0, 2);
  if (["zh"].indexOf(language) >= 0) {
    root.lang = language;
    var words = document.createElement("script");
    words.src = "lang.js";
    words.defer = true;
    document.head.appendChild(words);
    // The program waits for them, so that pictures are drawn once.
    window.tunescapeLanguage = new Promise(function (done) {
      words.onerror = done;
      words.onload = function () { Promise.resolve(window.tunescapeLanguage).then(done); };
    });
  }
  if (/[#&]present=1/.test(hash)) root.setAttribute("data-present", "");
  if (/[#&]embed=1/.test(hash)) root.className = "in-frame";
  var missing = typeof WebAssembly !== "object" ? "WebAssembly" : typeof Worker !== "function" ? "web workers" : "";
  if (!missing) return;
  document.addEventListener("DOMContentLoaded", function () {
    var box = document.createElement("div");
    box.className = "boot";
    box.setAttribute("role", "alert");
    box.textContent = "Tunescape trains real models inside the page, and this browser has no " + missing +
      ", or it is switched off. Any current Firefox, Chrome, Edge or Safari can run it; some have a strict mode that must be off for this page.";
    document.body.appendChild(box);
    var status = document.querySelector("[role=status]");
    if (status) status.textContent = "Cannot run here";
  });
})();
