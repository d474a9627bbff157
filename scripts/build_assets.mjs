/**
 * Builds pcorg/static_built/pcorg/ from pcorg/assets/ and the packages of package-lock.json:
 *
 *   scss/app.scss  → app.css      design system and the project's own components
 *   js/app.js      → app.js       behaviour of the design system's components
 *   js/charts.js   → charts.js    line and bar charts, loaded only by pages that hold one
 *   images/        → assets/images/   our icon, and the few icons the style sheet names
 *
 * Written into a new folder that replaces the old one at the end, so that a failed build leaves the last good one.
 */
import { build } from "esbuild";
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const source = path.join(root, "pcorg", "assets");
const built = path.join(root, "pcorg", "static_built");
const fresh = `${built}.new-${process.pid}`;
const target = path.join(fresh, "pcorg");
const modules = path.join(root, "node_modules");

/** Compile the style sheet. A deprecation in our own Sass is an error; the design system's are its makers' to mend. */
async function buildStyles() {
  const compiled = await sass.compileAsync(path.join(source, "scss", "app.scss"), {
    loadPaths: [modules],
    style: "compressed",
    charset: true,
    quietDeps: true,
    logger: {
      warn(message, { deprecation, span }) {
        throw new Error(`${deprecation ? "Deprecated Sass" : "Sass warning"}: ${message} (${span?.url ?? "no place"})`);
      },
    },
  });
  await writeFile(path.join(target, "app.css"), compiled.css);
  return compiled.css;
}

/** Bundle the scripts as ES modules, without eval and without source maps that hashed names would break. */
async function buildScripts() {
  await build({
    entryPoints: [path.join(source, "js", "app.js"), path.join(source, "js", "charts.js")],
    outdir: target,
    bundle: true,
    minify: true,
    format: "esm",
    target: ["es2020"],
    legalComments: "eof",
    logLevel: "warning",
  });
}

/**
 * Copy our own images, and of the design system's only those the style sheet asks for: its favicons, share image and
 * manifest carry the NHS mark, which this product may not.
 */
async function copyImages(css) {
  const images = path.join(target, "assets", "images");
  await mkdir(images, { recursive: true });
  for (const name of await readdir(path.join(source, "images"))) {
    await cp(path.join(source, "images", name), path.join(images, name));
  }
  const named = new Set([...css.matchAll(/url\("?assets\/images\/([\w.-]+)"?\)/g)].map((match) => match[1]));
  for (const name of named) {
    await cp(path.join(modules, "nhsuk-frontend", "dist", "nhsuk", "assets", "images", name), path.join(images, name));
  }
  const outside = css.match(/url\("?(?:https?:)?\/\/[^)]*\)/);
  if (outside) throw new Error(`The style sheet reaches outside the product: ${outside[0]}`);
}

try {
  await mkdir(target, { recursive: true });
  const [css] = await Promise.all([buildStyles(), buildScripts()]);
  await copyImages(css);
  await rm(built, { recursive: true, force: true });
  await rename(fresh, built);
  for (const name of ["app.css", "app.js", "charts.js"]) {
    const bytes = (await readFile(path.join(built, "pcorg", name))).length;
    console.log(`  ${name.padEnd(10)} ${Math.round(bytes / 1024)} kB`);
  }
} catch (error) {
  await rm(fresh, { recursive: true, force: true });
  console.error(error.formatted ?? error.message ?? error);
  process.exitCode = 1;
}
