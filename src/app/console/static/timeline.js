// Draws the treatment plans of the page on a time axis.
import { colorOf, dark } from "./colors.js";

const DAY = 86_400_000;
const MONTH = 30.44 * DAY;
const LINE_HEIGHT = 16;
const STEPS = [1, 2, 3, 6, 12, 24, 60];

const motion = matchMedia("(prefers-reduced-motion: reduce)");
const monthAndYear = new Intl.DateTimeFormat("en", {
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

const figure = document.getElementById("timeline");
if (figure) {
  draw(figure, [...document.querySelectorAll(".plan")].map(readPlan));
}

function readPlan(plan) {
  const start = plan.querySelector(".start");
  const end = plan.querySelector(".end");
  return {
    title: plan.querySelector(".title").textContent,
    status: plan.querySelector(".badge").dataset.status,
    dates: `${start.textContent} – ${end ? end.textContent : "open"}`,
    start: Date.parse(start.dateTime),
    // The end date is included.
    end: end ? Date.parse(end.dateTime) + DAY : null,
  };
}

function draw(figure, plans) {
  const today = Date.parse(figure.dataset.today);
  const [min, max] = findRange(plans, today);
  const labels = plans.map((plan) => [...wrap(plan.title), plan.status]);
  const lines = Math.max(...labels.map((label) => label.length));
  figure.style.height = `${plans.length * (lines + 1) * LINE_HEIGHT + 60}px`;
  figure.hidden = false;
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  const chart = new Chart(figure.querySelector("canvas"), {
    type: "bar",
    data: { labels, datasets: [makeBars(plans, max)] },
    options: {
      indexAxis: "y",
      maintainAspectRatio: false,
      animation: animation(),
      layout: { padding: { top: 20 } },
      scales: makeScales(min, max),
      plugins: { legend: { display: false }, tooltip: makeTooltip(plans) },
    },
    plugins: [makeTodayLine(today)],
  });
  for (const preference of [dark, motion]) {
    preference.addEventListener("change", () => {
      chart.options.animation = animation();
      chart.update("none");
    });
  }
}

function findRange(plans, today) {
  const moments = [today, ...plans.flatMap((plan) => [plan.start, plan.end ?? plan.start])];
  const [first, last] = [Math.min(...moments), Math.max(...moments)];
  const margin = Math.max(MONTH, (last - first) * 0.04);
  return [first - margin, last + margin];
}

// Long titles do not fit on the axis; the tooltip and the table have the full title.
function wrap(title) {
  const lines = [""];
  for (const word of title.split(/\s+/)) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if ([...longer].length > 18 && lines.at(-1)) {
      lines.push(word);
    } else {
      lines[lines.length - 1] = longer;
    }
  }
  const short = lines.map(shorten);
  return short.length > 3 ? [...short.slice(0, 2), `${short[2]} …`] : short;
}

// By characters, so that no emoji is cut in half.
function shorten(line) {
  const characters = [...line];
  return characters.length > 24 ? `${characters.slice(0, 23).join("")}…` : line;
}

// The bar of a plan without an end extends to the edge.
function makeBars(plans, max) {
  return {
    data: plans.map((plan) => [plan.start, plan.end ?? max]),
    backgroundColor: ({ dataIndex }) => colorOf(plans[dataIndex].status),
    borderRadius: 4,
    borderSkipped: ({ dataIndex }) => (plans[dataIndex].end ? false : "end"),
    maxBarThickness: 24,
    minBarLength: 4,
  };
}

function makeScales(min, max) {
  return {
    x: {
      type: "linear",
      min,
      max,
      grid: { color: () => colorOf("pico-muted-border-color") },
      ticks: {
        color: () => colorOf("pico-color"),
        callback: (value) => monthAndYear.format(value),
        maxRotation: 0,
      },
      afterBuildTicks: (axis) => {
        axis.ticks = firstsOfMonths(min, max, axis.chart.width / 130);
      },
    },
    y: {
      grid: { display: false },
      ticks: { autoSkip: false, color: () => colorOf("pico-color") },
    },
  };
}

function firstsOfMonths(min, max, most) {
  const months = (max - min) / MONTH;
  const step = STEPS.find((step) => months / step <= most) ?? Math.ceil(months / most / 120) * 120;
  const first = new Date(min);
  const next = first.getUTCFullYear() * 12 + first.getUTCMonth() + 1;
  const ticks = [];
  for (let month = Math.ceil(next / step) * step; ; month += step) {
    const value = Date.UTC(Math.floor(month / 12), month % 12);
    if (!(value <= max)) return ticks;
    ticks.push({ value });
  }
}

function makeTooltip(plans) {
  return {
    displayColors: false,
    callbacks: {
      title: ([item]) => plans[item.dataIndex].title,
      label: ({ dataIndex }) => [plans[dataIndex].dates, plans[dataIndex].status],
    },
  };
}

function makeTodayLine(today) {
  return {
    id: "today",
    afterDatasetsDraw({ ctx, chartArea, scales }) {
      // In the middle of a pixel, where a line is sharp.
      const x = Math.floor(scales.x.getPixelForValue(today)) + 0.5;
      ctx.save();
      ctx.strokeStyle = ctx.fillStyle = colorOf("pico-color");
      ctx.setLineDash([4, 4]);
      ctx.beginPath();
      ctx.moveTo(x, chartArea.top);
      ctx.lineTo(x, chartArea.bottom);
      ctx.stroke();
      ctx.textAlign = "center";
      ctx.font = `12px ${Chart.defaults.font.family}`;
      ctx.fillText("today", x, chartArea.top - 6);
      ctx.restore();
    },
  };
}

function animation() {
  return motion.matches ? false : { duration: 400 };
}
