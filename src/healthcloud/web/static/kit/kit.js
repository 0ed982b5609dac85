// What every page does where script runs; each part of it does nothing on a page that has no use for it.
import "./network.js";
import "./once.js";
import "./dialog.js";
import "./summary.js";
import "./copy.js";
