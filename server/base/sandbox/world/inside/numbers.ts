// Numbers that Node has from the system, as the server's Node has them.
import { parts } from './parts.ts';

const { constants: told, errors } = parts.numbers;

/** `internalBinding('constants')` */
export const constants = { ...told, trace: { TRACE_EVENT_PHASE_BEGIN: 66, TRACE_EVENT_PHASE_END: 69 } };

const map = new Map(errors);

/** `internalBinding('uv')` */
export const errorNumbers = {
  ...Object.fromEntries(errors.map(([number, [name]]) => [`UV_${name}`, number])),
  errname: (number: number) => map.get(number)?.[0] ?? `Unknown system error ${number}`,
  getErrorMap: () => map,
  getErrorMessage: (number: number) => map.get(number)?.[1] ?? `Unknown system error ${number}`,
};
