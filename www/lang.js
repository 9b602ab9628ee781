// The page in another language. English is written in the code and is the key: what the page shows is looked up in
// lang/LANG.json, and what is not there stays English. A key with {} is a pattern: what stands for {} is translated by
// itself and put in its place. What is marked translate="no" is notation and stays as it is. Loaded by boot.js only
// where it is wanted; tests/language/lookup.rs does the same, and both are held to tests/language/cases.json.
(function () {
  var attributes = ["title", "aria-label", "placeholder", "label", "aria-valuetext"];
  var untouched = "script, style, noscript, code, kbd, math, textarea, [translate=no]";
  var words = new Map();
  var patterns = [];
  var known = new Map();
  var hasWord = /[A-Za-z]{2}/;
  var escape = function (text) {
    return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  };

  // What stands for {} does not reach into the next sentence.
  function learn(table) {
    Object.keys(table).forEach(function (key) {
      if (key.indexOf("{}") < 0) return words.set(key, table[key]);
      var parts = key.split("{}");
      patterns.push({
        parts: parts,
        size: key.length,
        // "{} of {}" would fit half of all sentences: it counts only around what is known itself.
        strict: (key.match(/[A-Za-z]/g) || []).length < 4,
        test: new RegExp("^" + parts.map(escape).join("((?:(?![.!?] [A-Z0-9])[^])+?)") + "$"),
        into: table[key],
      });
    });
    // What says more goes first.
    patterns.sort(function (a, b) { return b.size - a.size; });
  }

  // Between Chinese and Latin stands a space, beside a full-width mark or between Chinese none.
  function tidy(text) {
    return text
      .replace(/([\u4e00-\u9fff])([A-Za-z0-9])/g, "$1 $2")
      .replace(/([A-Za-z0-9%])([\u4e00-\u9fff])/g, "$1 $2")
      .replace(/([\u3001-\u9fff\uff01-\uff5e]) +/g, function (space, mark, at, all) {
        return /[\u4e00-\u9fff]/.test(mark) && !/[\u3001-\u9fff\uff01-\uff5e]/.test(all.charAt(at + space.length)) ? space : mark;
      })
      .replace(/ +([\u3001-\u303f\uff01-\uff5e])/g, "$1");
  }

  // A way to say a text: what comes out, what of it has no words, and which names were left as they are.
  function say(out, lacks, names) {
    return { out: out, lacks: lacks || [], names: names || [] };
  }

  function together(ways, join) {
    return say(
      tidy(join(ways.map(function (w) { return w.out; }))),
      [].concat.apply([], ways.map(function (w) { return w.lacks; })),
      [].concat.apply([], ways.map(function (w) { return w.names; }))
    );
  }

  function cost(way) {
    return way.lacks.reduce(function (sum, t) { return sum + t.length; }, 0);
  }

  function fits(p, text) {
    var at = 0;
    return text.startsWith(p.parts[0]) && text.endsWith(p.parts[p.parts.length - 1]) && p.parts.every(function (part) {
      var found = text.indexOf(part, at);
      at = found + part.length;
      return found >= 0;
    });
  }

  function byPattern(p, text) {
    var found = fits(p, text) && p.test.exec(text);
    if (!found) return;
    var way = together(found.slice(1).map(look), function (pieces) {
      var at = 0;
      return p.into.replace(/\{(\d*)\}/g, function (_, n) {
        at += 1;
        return pieces[n === "" ? at - 1 : Number(n)];
      });
    });
    return p.strict && way.lacks.length ? undefined : way;
  }

  // Cut into parts that are said each for itself; a list of names alone stays as it is.
  function cut(text, at, there) {
    var end = there && text.slice(-1) === "." ? "\u3002" : "";
    var parts = (end ? text.slice(0, -1) : text).split(at);
    if (parts.length < 2) return;
    // Sentences that are known together stay together.
    if (!there && at !== "\n") parts = merged(parts);
    if (parts.length < 2) return;
    var ways = parts.map(look);
    var isChanged = ways.some(function (w, i) { return w.out !== parts[i]; });
    var between = there ? (isChanged ? there : at) : at === "\n" ? at : " ";
    return together(ways, function (out) { return out.join(between) + end; });
  }

  function merged(parts) {
    var out = [];
    for (var i = 0; i < parts.length; ) {
      var j = parts.length;
      while (j > i + 1 && !words.has(parts.slice(i, j).join(" "))) j -= 1;
      out.push(parts.slice(i, j).join(" "));
      i = j;
    }
    return out;
  }

  // The way that leaves the least unsaid: by a pattern, as lines, as sentences, or as a list.
  function best(text) {
    var way = say(text, [text]);
    var other = function (found) {
      if (found && cost(found) < cost(way)) way = found;
      return way.lacks.length > 0;
    };
    if (!other(cut(text, "\n"))) return way;
    if (!other(cut(text, /(?<=[.!?]) (?=[A-Z0-9])/))) return way;
    if (!other(cut(text, "; ", "\uff1b"))) return way;
    for (var i = 0; i < patterns.length; i += 1) if (!other(byPattern(patterns[i], text))) return way;
    other(cut(text, ", ", "\uff0c"));
    return way;
  }

  function look(text) {
    if (!hasWord.test(text)) return say(text);
    if (words.has(text)) return say(words.get(text));
    if (known.has(text)) return known.get(text);
    // A title before settings, a number, or a share.
    var named = /^(.+) (\([^ ()]*:[^ ()]*\)(?:#\d+)?|#\d+|-?[\d.]+(?:e-?[\d.]+)?(?: %)?)$/.exec(text);
    var way = named && words.has(named[1]) ? say(tidy(words.get(named[1]) + " " + named[2])) : best(text);
    // A name such as bayes(acq:ei).
    if (way.out === text && /^[\w.#-]+(\([^ ]*\))?$/.test(text)) way = say(text, [], [text]);
    // Texts with numbers never come again: what is remembered must not grow for ever.
    if (known.size > 4000) known.clear();
    known.set(text, way);
    return way;
  }

  function translate(text) {
    var trimmed = text.trim();
    if (!hasWord.test(trimmed)) return text;
    var way = look(trimmed);
    if (translate.missing.size > 2000) translate.missing.clear();
    way.lacks.concat(way.names).forEach(function (t) { translate.missing.add(t); });
    // What is put into the page is seen again at once.
    if (!known.has(way.out)) known.set(way.out, say(way.out));
    return text.replace(trimmed, function () { return way.out; });
  }
  // What had no translation so far, names of the notation among it: for the test that nothing is missing.
  translate.missing = new Set();

  function change(node) {
    var at = node.nodeType === 1 ? node : node.parentElement;
    if (at && !at.closest(untouched)) turn(node);
  }

  function turn(node) {
    if (node.nodeType === 3) {
      var text = translate(node.data);
      if (text !== node.data) node.data = text;
    } else if (node.nodeType === 1 && !node.matches(untouched)) {
      attributes.forEach(function (name) {
        var text = node.getAttribute(name);
        var other = text && translate(text);
        if (other !== text) node.setAttribute(name, other);
      });
      node.childNodes.forEach(turn);
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
