// Behaviour of the design system's components (error summary, tabs, character count …) and of our own. Every page works
// without it.
import { initAll } from "nhsuk-frontend";
import "./drawings.js";
import "./jobs.js";
import "./leaving.js";
import "./planner.js";
import "./preview.js";
import "./progress.js";
import "./replay.js";

initAll();
