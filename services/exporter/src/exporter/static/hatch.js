/** Marks the part of a day that is not loaded yet, on the canvas of a plot. */

import { faint } from "./theme.js";

const TEXT = "not loaded yet";

/** Hatch from the left edge of a plot to an instant [ms since 1970]. */
export function hatch(plot, instant, theme) {
  const { ctx, bbox } = plot;
  const width = plot.valToPos(instant / 1000, "x", true) - bbox.left;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, width, bbox.height);
  ctx.clip();
  ctx.fillStyle = faint(theme.muted, 0.08);
  ctx.fillRect(bbox.left, bbox.top, width, bbox.height);
  stripe(ctx, bbox, width, theme);
  ctx.restore();
}

/** Say in the middle of the hatched part what it is; upright where it is too narrow. */
export function nameHatch(plot, instant, theme) {
  const { ctx, bbox } = plot;
  const pixel = globalThis.uPlot.pxRatio;
  const room = plot.valToPos(instant / 1000, "x", true) - bbox.left;
  ctx.save();
  ctx.font = theme.font.replace("12px", `${12 * pixel}px`);
  const [width, height] = [ctx.measureText(TEXT).width + 12 * pixel, 22 * pixel];
  ctx.translate(bbox.left + room / 2, bbox.top + bbox.height / 2);
  if (width > room) ctx.rotate(-Math.PI / 2);
  ctx.fillStyle = theme.card;
  ctx.fillRect(-width / 2, -height / 2, width, height);
  ctx.fillStyle = theme.muted;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(TEXT, 0, 0);
  ctx.restore();
}

function stripe(ctx, bbox, width, theme) {
  const pixel = globalThis.uPlot.pxRatio;
  ctx.strokeStyle = faint(theme.muted, 0.35);
  ctx.lineWidth = pixel;
  ctx.beginPath();
  for (let x = bbox.left - bbox.height; x < bbox.left + width; x += 10 * pixel) {
    ctx.moveTo(x, bbox.top + bbox.height);
    ctx.lineTo(x + bbox.height, bbox.top);
  }
  ctx.stroke();
}
