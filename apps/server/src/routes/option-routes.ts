/** @file The table of options. */
import type { HandlersOf } from "../plugins/typed-routes.ts";
import type { Services } from "../services.ts";

export function optionRoutes({ options }: Services): HandlersOf<"getOptions" | "changeOptions" | "resetOptions"> {
  return {
    getOptions: () => options.state(),
    async changeOptions({ body }) {
      await options.change(body);
      return options.state();
    },
    async resetOptions({ body }) {
      await options.reset(body.names);
      return options.state();
    },
  };
}
