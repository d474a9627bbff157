/**
 * Draws charts from JSON that the page already holds. The table beside each chart is the authority: a chart that
 * cannot be drawn leaves no trace, and the table is never hidden.
 *
 *   <div class="pc-chart" data-chart="line" data-chart-source="spread"></div>
 *   <script type="application/json" id="spread">{
 *     "title": "Population per body",             read out as the chart's description
 *     "categories": ["2006", "2007"],             or, on a time axis, "times": ["2006-10-01", …] (ISO dates)
 *     "series": [{"name": "Largest", "values": [1282384, null]}],      null: not known, a gap and never a zero
 *     "unit": "people",                           optional, after each value in the tooltip
 *     "categoryTitle": "Year", "valueTitle": "People",                 optional axis titles
 *     "asAt": "2009-04-01",                       optional, a vertical line on a time axis
 *     "most": 100,                                optional, the end of the value axis
 *     "steps": true, "stacked": true, "horizontal": true               optional
 *   }</script>
 *
 * A radar takes "indicators": ["Quality", …] in the place of categories; "most" is the end of every axis.
 *
 * No styles or handlers in markup and no eval: made for a strict content security policy.
 */
import { BarChart, LineChart, RadarChart } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  RadarComponent,
  TooltipComponent,
} from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([LineChart, BarChart, RadarChart, GridComponent, RadarComponent, LegendComponent]);
use([TooltipComponent, MarkLineComponent, AriaComponent, SVGRenderer]);

// Each at least 3:1 on white and apart from its neighbours for colour-blind readers; lines also differ in dash and mark.
const COLOURS = ["#0f6b6f", "#b5520a", "#5b3f8c", "#a3275f", "#2b6cb0", "#6b5d00", "#4c6272", "#2f7d32"];
const DASHES = ["solid", [8, 4], [2, 3], [10, 3, 2, 3]];
const MARKS = ["circle", "rect", "triangle", "diamond"];
const NARROW = 480; // pixels
const INK = "#212b32";
const QUIET = "#4c6272";
const RULE = "#d8dde0";

const numbers = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 2 });
const dates = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const text = { color: INK, fontFamily: "arial, sans-serif", fontSize: 14 };

function axisTitle(name, gap) {
  return { name, nameLocation: "middle", nameGap: gap, nameTextStyle: { ...text, color: QUIET } };
}

function categoryAxis(data, short) {
  const wrapped = short && data.horizontal ? wrappedLabels(data.categories) : { hideOverlap: true };
  const base = {
    axisLabel: { ...text, ...wrapped },
    axisLine: { lineStyle: { color: QUIET } },
    axisTick: { lineStyle: { color: QUIET } },
    ...(data.horizontal ? {} : axisTitle(data.categoryTitle, 34)), // beside long labels a title has no room
  };
  if (data.times) {
    return { ...base, type: "time", axisPointer: { label: { formatter: ({ value }) => dates.format(new Date(value)) } } };
  }
  return { ...base, type: "category", data: data.categories, inverse: Boolean(data.horizontal) };
}

/** On a phone long names wrap, at spaces and not within figures, and the longest are cut. */
function wrappedLabels(names) {
  const cut = names.some((name) => name.length > 36) ? { width: 130, overflow: "truncate" } : {};
  return { ...cut, interval: 0, fontSize: 12, lineHeight: 14, formatter: twoLines };
}

/** A name in two lines of about the same length. */
function twoLines(name) {
  const words = name.split(" ");
  if (name.length < 14 || words.length < 2) return name;
  const lengths = words.map((_, place) => Math.abs(name.length - 2 * words.slice(0, place + 1).join(" ").length));
  const first = lengths.indexOf(Math.min(...lengths)) + 1;
  return `${words.slice(0, first).join(" ")}\n${words.slice(first).join(" ")}`;
}

function valueAxis(data, short) {
  return {
    type: "value",
    max: data.most,
    splitNumber: short && data.horizontal ? 2 : 5,
    axisLabel: { ...text, hideOverlap: true, formatter: (value) => numbers.format(value) },
    splitLine: { lineStyle: { color: RULE } },
    ...(data.horizontal
      ? axisTitle(data.valueTitle, 34)
      : { name: data.valueTitle, nameGap: data.asAt ? 28 : 15, nameTextStyle: { ...text, align: "left" } }),
  };
}

function oneSeries(kind, data, series, index) {
  const values = data.times ? data.times.map((time, place) => [Date.parse(time), series.values[place]]) : series.values;
  const drawn = { type: kind, name: series.name, data: values, stack: data.stacked ? "all" : undefined };
  if (kind === "line") {
    Object.assign(drawn, {
      step: data.steps ? "end" : false,
      connectNulls: false,
      symbol: MARKS[index % MARKS.length],
      symbolSize: 7,
      lineStyle: { width: 2.5, type: DASHES[index % DASHES.length] },
    });
  } else {
    drawn.barMaxWidth = 44;
  }
  if (index === 0 && data.asAt && data.times) {
    drawn.markLine = {
      silent: true,
      symbol: "none",
      label: { ...text, formatter: `As at ${dates.format(new Date(data.asAt))}`, position: "end" },
      lineStyle: { color: INK, type: "solid", width: 1.5 },
      data: [{ xAxis: Date.parse(data.asAt) }],
    };
  }
  return drawn;
}

function tooltip(kind, data) {
  const unit = data.unit ? ` ${data.unit}` : "";
  return {
    trigger: "axis",
    renderMode: "richText", // the other mode writes HTML with styles in it
    confine: true,
    axisPointer: { type: kind === "bar" ? "shadow" : "line" },
    textStyle: text,
    valueFormatter: (value) => (value === null || value === undefined ? "not known" : numbers.format(value) + unit),
  };
}

/** Entries in a row where there is room, else one below the other, long ones cut. */
function legend(width) {
  const plain = { top: 0, left: 0, type: "plain", itemWidth: 36, textStyle: text };
  if (width >= NARROW) return plain;
  return { ...plain, orient: "vertical", textStyle: { ...text, width: width - 64, overflow: "truncate" } };
}

/** Pixels that the legend takes above the drawing: its entries wrap where the chart is narrow. */
function legendHeight(data, width) {
  if (data.series.length < 2) return 0;
  if (width < NARROW) return data.series.length * 25 + 8;
  let [rows, used] = [1, 0];
  for (const { name } of data.series) {
    const entry = 56 + name.length * 7.5; // the sign and about the width of the letters
    if (used > 0 && used + entry > width) [rows, used] = [rows + 1, 0];
    used += entry;
  }
  return rows * 25 + 8;
}

function options(kind, data, width) {
  const [many, short] = [data.series.length > 1, width < NARROW];
  const [category, value] = [categoryAxis(data, short), valueAxis(data, short)];
  return {
    animation: false,
    useUTC: true, // ISO dates are read as midnight UTC; in local time a date would slip by a day
    color: COLOURS,
    textStyle: text,
    aria: { enabled: true, label: { description: data.title }, decal: { show: kind === "bar" && many } },
    grid: {
      left: 8,
      right: 24,
      top: legendHeight(data, width) + (data.horizontal ? 12 : 48),
      bottom: data.categoryTitle || (data.horizontal && data.valueTitle) ? 40 : 8,
      outerBoundsMode: "same",
      outerBoundsContain: "axisLabel",
    },
    legend: many ? legend(width) : undefined,
    tooltip: tooltip(kind, data),
    xAxis: data.horizontal ? value : category,
    yAxis: data.horizontal ? category : value,
    series: data.series.map((series, index) => oneSeries(kind, data, series, index)),
  };
}

/** Pixels from top to bottom of a radar, without its legend. */
const radarHeight = (width) => (width < NARROW ? 260 : 440);

function radar(data, width) {
  const [many, short] = [data.series.length > 1, width < NARROW];
  return {
    animation: false,
    color: COLOURS,
    textStyle: text,
    aria: { enabled: true, label: { description: data.title } },
    legend: many ? legend(width) : undefined,
    tooltip: { trigger: "item", renderMode: "richText", confine: true, textStyle: text },
    radar: {
      indicator: data.indicators.map((name) => ({ name, max: data.most })),
      // The middle of what the legend leaves; as large as the names round it allow.
      center: ["50%", legendHeight(data, width) + radarHeight(width) / 2],
      radius: short ? Math.max(40, width / 2 - 84) : radarHeight(width) / 2 - 50,
      axisName: { ...text, fontSize: short ? 12 : 14, lineHeight: short ? 14 : 18, formatter: short ? twoLines : undefined },
      splitLine: { lineStyle: { color: RULE } },
      splitArea: { show: false },
    },
    series: [
      {
        type: "radar",
        data: data.series.map(({ name, values }, index) => ({
          name,
          value: values,
          symbol: MARKS[index % MARKS.length],
          symbolSize: 7,
          lineStyle: { width: 2.5, type: DASHES[index % DASHES.length] },
        })),
      },
    ],
  };
}

function draw(element) {
  const kind = element.dataset.chart;
  if (!["line", "bar", "radar"].includes(kind)) throw new Error(`unknown chart ${kind}`);
  const data = JSON.parse(document.getElementById(element.dataset.chartSource).textContent);
  element.classList.add("pc-chart--drawn"); // gives the element its height, which the library measures
  const chart = init(element, null, { renderer: "svg" });
  const fit = () => {
    const width = element.clientWidth;
    const rows = data.horizontal && !data.indicators ? Math.max(0, data.categories.length - 6) * 34 : 0;
    element.style.minHeight = `${(kind === "radar" ? radarHeight(width) + 20 : 270) + rows + legendHeight(data, width)}px`;
    chart.resize();
    const made = kind === "radar" ? radar(data, chart.getWidth()) : options(kind, data, chart.getWidth());
    chart.setOption(made, { notMerge: true });
  };
  fit();
  const observer = new ResizeObserver(fit);
  observer.observe(element);
  drawn.set(element, { chart, observer });
}

const drawn = new Map();

function drawAll() {
  for (const [element, { chart, observer }] of drawn) {
    if (element.isConnected) continue;
    observer.disconnect();
    chart.dispose();
    drawn.delete(element);
  }
  for (const element of document.querySelectorAll("[data-chart]")) {
    if (drawn.has(element)) continue;
    try {
      draw(element);
    } catch (error) {
      element.classList.remove("pc-chart--drawn");
      element.replaceChildren();
      console.error(`Chart not drawn: ${error.message}`);
    }
  }
}

drawAll();
document.addEventListener("pc-content-replaced", drawAll); // by replay.js
