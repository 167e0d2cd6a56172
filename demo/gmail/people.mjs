// The people of Brightline, a maker of sensors, and of those it writes to. All invented.

/** @typedef {import("./page.mjs").Person} Person */

/**
 * @param {string} name
 * @param {string} email
 * @returns {Person}
 */
const person = (name, email) => ({ name, email });

export const lena = person("Lena Hartmann", "lena@brightline.example");
export const ann = person("Ann Keller", "ann@brightline.example");
export const tom = person("Tom Brandt", "tom@brightline.example");
export const marie = person("Marie Rousseau", "marie.rousseau@helion.example");
export const jonas = person("Jonas Weber", "jonas.weber@nordwerk.example");
export const priya = person("Priya Menon", "priya@corvus-logistics.example");
export const katharina = person("Katharina Obermeier-Szczepańska", "info@obermeier.example");
export const layla = person("ليلى حداد", "layla.haddad@nakhla-automation.example");
export const beatriz = person("Beatriz Carvalho", "beatriz@azul-pescados.example");
export const salesDesk = person("Sales desk", "sales@brightline.example");
export const digest = person("Plant Weekly", "digest@plant-weekly.example");

/** The short form Gmail puts into recipient lines: the first name. @param {Person} full @returns {Person} */
export const short = (full) => ({ ...full, name: full.name.split(" ")[0] ?? full.name });
