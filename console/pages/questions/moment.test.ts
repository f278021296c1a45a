import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withMoment } from './moment.ts';

const third = { attribute: 'sign_in.number', is: 'at_least', value: 3 } as const;
const phone = { attribute: 'sign_in.device', is: 'equals', value: 'phone' } as const;
const fifth = { attribute: 'sign_in.number', is: 'equals', value: 5 } as const;

test('the best moment takes the place of what was said of it, and all else still holds', () => {
  const moment = { of: 'sign_in', value: '5' } as const;
  assert.deepEqual(withMoment(null, moment), { all: [fifth] });
  assert.deepEqual(withMoment(third, moment), { all: [fifth] });
  assert.deepEqual(withMoment({ all: [third, phone] }, moment), { all: [fifth, phone] });
  assert.deepEqual(withMoment({ any: [third, phone] }, moment), { all: [fifth, { any: [third, phone] }] });
  const late = { of: 'sign_in', value: '10' } as const;
  assert.deepEqual(withMoment(third, late), { all: [{ attribute: 'sign_in.number', is: 'at_least', value: 10 }] });
  assert.deepEqual(withMoment(phone, { of: 'portal', value: 'shop' }), {
    all: [{ attribute: 'sign_in.portal', is: 'equals', value: 'shop' }, phone],
  });
});
