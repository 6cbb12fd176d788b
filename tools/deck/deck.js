// Formulas, type that fits, and reveal.js: everything from this folder, no address outside.

for (const element of document.querySelectorAll(".math")) {
  const inNotes = element.closest("aside") !== null; // the notes' window has no KaTeX style: MathML needs none
  katex.render(element.textContent, element, {
    displayMode: element.classList.contains("block"),
    output: inNotes ? "mathml" : "htmlAndMathml",
    throwOnError: false,
    strict: false,
  });
}

// Slides are made by estimate: here the text gets as large as fits, from 32 pixels down to 24 and no further.
function fit(page) {
  const body = page.querySelector(".body");
  const full = () => body.scrollHeight > body.clientHeight + 1;
  if (page.matches(".plain, .quiz, .exercise, .figure"))
    for (let size = 32; size >= 24 && (size === 32 || full()); size--) body.style.fontSize = `${size}px`;
  if (full()) body.classList.add("tight");
  for (const formula of page.querySelectorAll(".formula")) {
    const ratio = formula.clientWidth / formula.scrollWidth;
    if (ratio < 1) formula.style.fontSize = `${parseFloat(getComputedStyle(formula).fontSize) * ratio * 0.98}px`;
  }
}

async function start() {
  document.body.classList.add("measuring"); // every slide is laid out, so that it can be measured
  const faces = ["400 28px 'Source Sans 3'", "700 28px 'Source Sans 3'", "italic 28px 'Source Sans 3'", "24px 'Ubuntu Mono'"];
  await Promise.allSettled(faces.map((face) => document.fonts.load(face)));
  await document.fonts.ready;
  document.querySelectorAll(".page").forEach(fit);
  document.body.classList.remove("measuring");
  await Reveal.initialize({
    width: 1280,
    height: 720,
    margin: 0,
    center: false,
    controls: false,
    hash: true,
    navigationMode: "linear",
    pdfMaxPagesPerSlide: 1,
    pdfSeparateFragments: false,
    plugins: [RevealNotes],
    slideNumber: "c/t",
    totalTime: 60 * Number(document.body.dataset.minutes),
    transition: "none",
  });
}

Reveal.on("pdf-ready", () => {
  window.printable = true;
});
start();
