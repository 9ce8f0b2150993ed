/** @file A program's side of A1111's API: requests and their jobs. */
import type { SettingsOf } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import type { TestApp } from "./test-app.ts";

export const JSON_TYPE = { "content-type": "application/json" };

export type Txt2imgSettings = SettingsOf<"txt2img">;

/** Requests to the app that exists when a request is sent. A path without a slash is below `/sdapi/v1/`. */
export function sdapiClient(app: () => TestApp) {
  const post = (path: string, payload?: object | string) =>
    app().server.inject({
      method: "POST",
      url: path.startsWith("/") ? path : `/sdapi/v1/${path}`,
      headers: JSON_TYPE,
      ...(payload === undefined ? {} : { payload }),
    });

  return {
    post,
    get: (path: string) => app().server.inject(`/sdapi/v1/${path}`),

    /** The settings of the job that a request makes. The scripted worker is done at once and draws nothing. */
    settingsOf: async (body: object): Promise<Txt2imgSettings> => {
      const response = await post("txt2img", { prompt: "done", ...body });
      if (response.statusCode !== 200) throw new Error(response.body);
      const [job] = (await app().server.inject("/api/jobs")).json<Job[]>();
      if (job?.request.kind !== "txt2img") throw new Error("no picture was asked for");
      return job.request.settings;
    },

    infoOf: async (body: object): Promise<{ warnings: string[] } & Record<string, unknown>> =>
      JSON.parse((await post("txt2img", { prompt: "done", ...body })).json().info),
  };
}
