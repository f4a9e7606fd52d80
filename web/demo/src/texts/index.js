import { en } from "./en.js";
import { zh } from "./zh.js";

/** The texts of the page by language. @type {Record<"en" | "zh", typeof en>} */
export const texts = { en, zh };

/** @typedef {typeof en} Texts */
