/** What scripts/build.js defines: JSON with the version of a build and the files in it. */
declare const BUILD: string;
