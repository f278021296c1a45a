import { z } from 'zod';

// Code that is brought along from Auth0, looked at before anything is saved.

/** POST /rules/check. Whatever was exported is looked at, so names and scripts are any text. */
export const rulesCheck = z
  .strictObject({
    rules: z.array(z.strictObject({ name: z.string().max(300), script: z.string().max(200_000) })).max(100),
  })
  .meta({ id: 'RulesCheck' });

/** POST /actions/check */
export const actionsCheck = z
  .strictObject({
    actions: z
      .array(
        z.strictObject({
          name: z.string().max(300),
          trigger: z.string().max(100),
          code: z.string().max(200_000),
          /** Names of the secrets that it has: with them it is told which others the code reads. */
          secrets: z.array(z.string().max(128)).max(100).optional(),
          dependencies: z
            .array(
              z.strictObject({
                name: z.string().max(214),
                version: z.string().max(100),
                registry_url: z.string().max(2048).nullish(),
              }),
            )
            .max(100),
        }),
      )
      .max(100),
  })
  .meta({ id: 'ActionsCheck' });

/** Something that is not here as it was at Auth0. */
export const finding = z.strictObject({
  message: z.string(),
  line: z.int().nullable(),
  /** Because of it the code does not run, or fails where it comes to it; otherwise it runs, and something is different. */
  stops: z.boolean(),
  /** Until something is set or made here it fails, and refuses whoever signs in: better not switched on before. */
  waits: z.boolean(),
});
export type Finding = z.infer<typeof finding>;

/** How many are told of one script; where there are more, the last says so. */
export const mostFindings = 50;
const findings = z.array(finding).max(mostFindings);

/** In the order in which they were sent; without findings each runs as it is. */
export const rulesChecked = z
  .strictObject({
    checked: z.array(
      z.strictObject({
        name: z.string(),
        findings,
        /** Keys of the values of `configuration` that it reads; null: it may read any. */
        configuration: z.array(z.string()).nullable(),
      }),
    ),
  })
  .meta({ id: 'RulesChecked' });
export type RulesChecked = z.infer<typeof rulesChecked>;

/** In the order in which they were sent; without findings each runs as it is. */
export const actionsChecked = z
  .strictObject({ checked: z.array(z.strictObject({ name: z.string(), findings })) })
  .meta({ id: 'ActionsChecked' });
export type ActionsChecked = z.infer<typeof actionsChecked>;
