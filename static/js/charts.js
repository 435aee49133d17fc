// Draw each [data-chart] from the JSON it names. ECharts is loaded only when needed.
// SVG renderer and richText tooltips: nothing here writes HTML or inline style attributes
// from data, so the strict CSP holds and a name can never become markup.

const { chartScript } = document.querySelector("[data-chart-script]").dataset;
const COLORS = ["#b5132a", "#d39a2d", "#3d6a9e", "#4a8a72", "#8a5a83", "#9a8f87"];
const INK = "#2a2422";
const QUIET = "#6f6660";
const LINE = "#e8e2dc";

let loading = null;

function load() {
  loading ??= import(chartScript).then(() => window.echarts);
  return loading;
}

function fontSize(factor) {
  const root = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return Math.round(root * factor);
}

function common(spec) {
  return {
    color: COLORS,
    animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 400,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: INK },
    aria: { enabled: true, label: { description: `${spec.title}，数据见下方表格。` } },
    tooltip: {
      renderMode: "richText",
      trigger: spec.kind === "pie" ? "item" : "axis",
      confine: true,
      axisPointer: { type: spec.kind === "line" ? "line" : "shadow" },
    },
    legend: {
      show: spec.kind === "pie" || spec.series.length > 1,
      bottom: 0,
      icon: "roundRect",
      itemWidth: 12,
      itemHeight: 12,
      textStyle: { color: QUIET, fontSize: fontSize(0.875) },
    },
  };
}

function pieOption(spec, width) {
  const data = spec.categories.map((name, index) => (
    { name, value: spec.series[0].data[index] }
  ));
  const options = common(spec);
  // On a phone the legend takes three lines, and the ring makes room for them.
  const isNarrow = width < 420;
  // Names and numbers in the legend: beside the ring they do not fit on a phone.
  const numbers = new Map(data.map(({ name, value }) => [name, value]));
  options.legend.formatter = (name) => `${name} ${numbers.get(name)}`;
  return {
    ...options,
    series: [{
      type: "pie",
      radius: isNarrow ? ["42%", "64%"] : ["48%", "72%"],
      center: ["50%", isNarrow ? "36%" : "42%"],
      data,
      itemStyle: { borderColor: "#fff", borderWidth: 2 },
      label: { show: false },
    }],
  };
}

function axisOption(spec) {
  const isFlat = spec.kind === "hbar";
  const isLine = spec.kind === "line";
  const label = { color: QUIET, fontSize: fontSize(0.8125) };
  const names = {
    type: "category",
    data: spec.categories,
    inverse: isFlat,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: LINE } },
    axisLabel: { ...label, hideOverlap: !isFlat },
  };
  const values = {
    type: "value",
    minInterval: 1,
    splitNumber: 4,
    splitLine: { lineStyle: { color: LINE } },
    axisLabel: label,
  };
  const series = spec.series.map(({ name, data }) => ({
    name,
    data,
    type: isLine ? "line" : "bar",
    stack: spec.kind === "stacked" ? "all" : undefined,
    barMaxWidth: 28,
    symbolSize: 7,
    itemStyle: isLine || spec.kind === "stacked" ? {} : { borderRadius: isFlat ? [0, 3, 3, 0] : [3, 3, 0, 0] },
  }));
  return {
    ...common(spec),
    grid: { left: 4, right: 16, top: 16, bottom: spec.series.length > 1 ? 36 : 4, containLabel: true },
    xAxis: isFlat ? values : names,
    yAxis: isFlat ? names : values,
    series,
  };
}

async function draw(place) {
  const source = document.getElementById(place.dataset.chart);
  if (!source || place.dataset.drawn) return;
  place.dataset.drawn = "1";
  const spec = JSON.parse(source.textContent);
  const echarts = await load();
  place.hidden = false;
  const chart = echarts.init(place, null, { renderer: "svg" });
  chart.setOption(spec.kind === "pie" ? pieOption(spec, place.clientWidth) : axisOption(spec));
  const table = place.parentElement.querySelector("[data-chart-table]");
  if (table) {
    table.dataset.drawn = "1";
    table.open = false;
  }
  new ResizeObserver(() => chart.resize()).observe(place);
}

function drawAll(root) {
  for (const place of root.querySelectorAll("[data-chart]")) draw(place);
}

document.addEventListener("htmx:load", (event) => drawAll(event.detail.elt));
drawAll(document);
