import js from "@eslint/js";
import globals from "globals";

// The globals that all runtimes have: browsers, workers, Node.js, Deno, Bun.
const everywhere = globals["shared-node-browser"];

export default [
  { ignores: ["**/node_modules/", "**/dist/", "**/*.d.ts", "**/*.ts"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: everywhere },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-implicit-coercion": "error",
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration:not(:has(Literal))", message: "Export names." },
      ],
      "object-shorthand": "error",
    },
  },
  { files: ["demo/src/**", "demo/test/**"], languageOptions: { globals: globals.browser } },
  {
    files: ["bench/**", "**/scripts/**", "**/test/**", "**/*.test.js", "**/testing/**", "*.config.js"],
    languageOptions: { globals: { ...everywhere, ...globals.node } },
    rules: { "no-restricted-syntax": "off" },
  },
  { files: ["**/page/**", "demo/src/**"], languageOptions: { globals: globals.browser } },
];
