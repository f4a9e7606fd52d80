// The entry for workers, and for whoever imports the package.
import { createHandler } from "./handler.js";

export { createHandler };

// eslint-disable-next-line no-restricted-syntax -- it is what a worker is
export default { fetch: createHandler() };
