/** Every request of the console carries this, so that no form of another site can pass for it. */
export const consoleHeaders = { 'x-regulars-console': '1' } as const;
