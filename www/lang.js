// The page in another language. English is written in the code and is the key: what the page shows is looked up in
// lang/LANG.json, and what is not there stays English. A key with {} is a pattern: what stands for {} is translated by
// itself and put in its place. Loaded by boot.js only where it is wanted.
(function () {
  var attributes = ["title", "aria-label", "placeholder", "label", "aria-valuetext"];
  var words = new Map();
  var patterns = [];
  var known = new Map();
  var escape = function (text) {
    return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  };

  // What stands for {} does not reach into the next sentence.
  function learn(table) {
    Object.keys(table).forEach(function (key) {
      if (key.indexOf("{}") < 0) return words.set(key, table[key]);
      var parts = key.split("{}");
      patterns.push({
        first: parts[0],
        last: parts[parts.length - 1],
        size: key.length,
        // "{} of {}" would fit half of all sentences: it counts only around what is known itself.
        strict: (key.match(/[A-Za-z]/g) || []).length < 4,
        test: new RegExp("^" + parts.map(escape).join("((?:(?![.!?] [A-Z])[^])+?)") + "$"),
        into: table[key],
      });
    });
    // What says more goes first.
    patterns.sort(function (a, b) { return b.size - a.size; });
  }

  function isKnown(text) {
    return !/[A-Za-z]{2}/.test(text) || words.has(text) || words.has(text.trim());
  }

  function whole(text) {
    if (words.has(text)) return words.get(text);
    for (var i = 0; i < patterns.length; i += 1) {
      var p = patterns[i];
      if (!text.startsWith(p.first) || !text.endsWith(p.last)) continue;
      var found = p.test.exec(text);
      if (!found) continue;
      if (p.strict && !found.slice(1).every(isKnown)) continue;
      var at = 0;
      return p.into.replace(/\{(\d*)\}/g, function (_, n) {
        at += 1;
        return translate(found[n === "" ? at : Number(n) + 1]);
      });
    }
  }

  // A text as a whole, else sentence by sentence, else as it is.
  function look(text) {
    var found = whole(text);
    if (found !== undefined) return found;
    var parts = text.split(/(?<=[.!?]) (?=[A-Z])|\n/);
    if (parts.length > 1) {
      var each = parts.map(translate);
      if (each.some(function (e, i) { return e !== parts[i]; })) return each.join(" ");
    }
    translate.missing.add(text);
    return text;
  }

  function translate(text) {
    // No word in it, or translated already.
    if (!/[A-Za-z]{2}/.test(text) || /[\u4e00-\u9fff]/.test(text)) return text;
    if (known.has(text)) return known.get(text);
    var trimmed = text.trim();
    var found = look(trimmed);
    var out = text.replace(trimmed, function () { return found; });
    // Texts with numbers never come again: what is remembered must not grow for ever.
    if (known.size > 4000) known.clear();
    if (translate.missing.size > 2000) translate.missing.clear();
    known.set(text, out);
    return out;
  }
  // What had no translation so far: for the test that nothing is missing.
  translate.missing = new Set();

  function change(node) {
    if (node.nodeType === 3) {
      if (node.parentElement && node.parentElement.closest("script, style, noscript, code, kbd, math, input, textarea")) return;
      var text = translate(node.data);
      if (text !== node.data) node.data = text;
    } else if (node.nodeType === 1) {
      attributes.forEach(function (name) {
        var text = node.getAttribute(name);
        var other = text && translate(text);
        if (other !== text) node.setAttribute(name, other);
      });
      node.childNodes.forEach(change);
    }
  }

  var language = document.documentElement.lang;
  window.tunescapeTranslate = translate;
  window.tunescapeLanguage = fetch("lang/" + language + ".json")
    .then(function (answer) { return answer.json(); })
    .then(function (table) {
      learn(table);
      new MutationObserver(function (records) {
        records.forEach(function (r) {
          if (r.type === "childList") r.addedNodes.forEach(change);
          else change(r.target);
        });
      }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: attributes });
      change(document.body);
    })
    .catch(function () {
      // Without its words the page is English.
      document.documentElement.lang = "en";
    });
})();
