// Puts a live study into any page:
//   <script src="https://HOST/embed.js" data-study="preset=race-iris&theme=dark" data-height="640"></script>
// It becomes a frame in place of the script, which starts when it comes into view. The frame is sandboxed: it cannot
// reach the page it stands in.
(function () {
  var script = document.currentScript;
  if (!script) return;
  var base = new URL(".", script.src).href;
  var frame = document.createElement("iframe");
  frame.src = base + "#" + (script.dataset.study || "preset=race-iris") + "&embed=1";
  frame.title = script.dataset.title || "Tunescape: hyperparameter search, live";
  frame.width = "100%";
  frame.height = script.dataset.height || "720";
  frame.loading = "lazy";
  frame.setAttribute("sandbox", "allow-scripts allow-popups allow-popups-to-escape-sandbox");
  frame.setAttribute("frameborder", "0");
  script.after(frame);
})();
