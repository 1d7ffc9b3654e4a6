// Draws each figure from its table once htmx has put them into the page. A module, for names of
// its own: it comes after Chart.js, which is deferred like it.
import { colorOf, dark } from "./colors.js";

const ROW_REM = 1.6;
const AXIS_REM = 2;
const UPRIGHT_REM = 13;
const LETTER_PX = 7.5;

// Functions, so that a chart follows a change between light and dark.
Chart.defaults.color = () => colorOf("pico-color");
Chart.defaults.borderColor = () => colorOf("pico-muted-border-color");
Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
Chart.defaults.font.size = 13;
Chart.defaults.animation = false; // growing bars show nothing more

function read(table) {
  const rows = [...table.tBodies[0].rows];
  return {
    labels: rows.map((row) => row.querySelector("th").textContent.trim()),
    links: rows.map((row) => row.querySelector("th :is(a, button)")),
    values: rows.map((row) => Number(row.querySelector("data").value)),
    colors: rows.map((row) => row.dataset.color ?? "bar"),
    unit: table.querySelector("th.number").textContent,
  };
}

// A long name would leave no room for its bar; the tooltip and the table have the full name.
function shortened(index) {
  const label = this.getLabelForValue(index);
  const room = Math.floor((this.chart.width * 0.45) / LETTER_PX);
  return label.length > room ? `${label.slice(0, room - 1).trimEnd()}…` : label;
}

function draw(figure) {
  const { labels, links, values, colors, unit } = read(figure.querySelector("table"));
  const canvas = figure.querySelector("canvas");
  const [upright, isPercent] = ["upright", "percent"].map((name) => name in figure.dataset);
  const height = upright ? UPRIGHT_REM : labels.length * ROW_REM + AXIS_REM;
  canvas.parentElement.style.height = `${height}rem`;
  const names = { grid: { display: false }, ticks: { autoSkip: upright } };
  if (!upright) names.ticks.callback = shortened;
  const numbers = { beginAtZero: true, ticks: { precision: 0, maxTicksLimit: 6 } };
  if (isPercent) numbers.ticks.callback = (value) => `${value}%`;
  new Chart(canvas, {
    type: "bar",
    data: {
      labels,
      datasets: [
        {
          label: unit,
          data: values,
          backgroundColor: ({ dataIndex }) => colorOf(colors[dataIndex]),
          barPercentage: 0.7,
          borderRadius: 2,
        },
      ],
    },
    options: {
      indexAxis: upright ? "x" : "y",
      interaction: { mode: "index", axis: upright ? "x" : "y", intersect: false },
      onClick: (_event, [bar]) => links[bar?.index]?.click(),
      onHover: (_event, [bar]) => {
        canvas.style.cursor = links[bar?.index] ? "pointer" : "default";
      },
      locale: document.documentElement.lang,
      maintainAspectRatio: false,
      plugins: { legend: { display: false }, tooltip: { displayColors: false } },
      scales: upright ? { x: names, y: numbers } : { x: numbers, y: names },
    },
  });
}

function drawAll() {
  for (const figure of document.querySelectorAll(".plot")) {
    if (!Chart.getChart(figure.querySelector("canvas"))) draw(figure);
  }
}

document.addEventListener("htmx:after:swap", drawAll);
document.addEventListener("htmx:error", () => {
  document.querySelector("#summary").replaceChildren(); // page.js says why
});
dark.addEventListener("change", () => {
  for (const chart of Object.values(Chart.instances)) chart.update();
});
drawAll(); // what came before this script did
