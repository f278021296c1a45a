import { TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';
import { useSettled } from './use-settled.ts';

const settledMs = 600;

/**
 * A number that is typed, or changed by the arrow keys. Letters do not get in; one that is too small or too large is
 * told once it stands there, and is for the server to refuse.
 */
export function NumberField({
  value,
  onChange,
  min = Number.NEGATIVE_INFINITY,
  max = Number.POSITIVE_INFINITY,
  step = 1,
  isWhole = true,
  error,
  ...input
}: Pick<TextInputProps, 'label' | 'description' | 'disabled' | 'error' | 'maw' | 'w' | 'rightSection' | 'required'> & {
  /** Empty when there is none. */
  value: number | string;
  /** Is told the number, or what stands there as long as it is none: nothing, a minus. */
  onChange: (value: number | string) => void;
  min?: number;
  max?: number;
  step?: number;
  isWhole?: boolean;
}) {
  const [typed, setTyped] = useState<string>();
  const isNumber = typeof value === 'number';
  // Not at once, "1" may become "12"; nor when the field is left, or a button that is pressed just then moves away.
  const settled = useSettled(value, settledMs);
  const isOutside = settled === value && isNumber && (value < min || value > max);

  function take(text: string): void {
    const kept = text.replace(',', '.').replace(isWhole ? /[^\d-]/g : /[^\d.-]/g, '');
    const cleaned = min >= 0 ? kept.replaceAll('-', '') : kept;
    setTyped(cleaned);
    const number = cleaned === '' ? Number.NaN : Number(cleaned);
    onChange(Number.isNaN(number) ? cleaned : number);
  }

  function move(by: number): void {
    const from = isNumber ? value : Math.max(min, 0) - by;
    const next = Math.min(Math.max(from + by, min), max);
    take(String(Number(next.toFixed(6))));
  }

  return (
    <TextInput
      {...input}
      role="spinbutton"
      aria-valuenow={isNumber ? value : undefined}
      aria-valuemin={Number.isFinite(min) ? min : undefined}
      aria-valuemax={Number.isFinite(max) ? max : undefined}
      inputMode={min < 0 ? 'text' : isWhole ? 'numeric' : 'decimal'}
      autoComplete="off"
      value={typed ?? String(value)}
      error={error ?? (isOutside ? rangeOf(min, max) : undefined)}
      onChange={(event) => take(event.currentTarget.value)}
      onBlur={() => setTyped(undefined)}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
        event.preventDefault();
        move(event.key === 'ArrowUp' ? step : -step);
      }}
    />
  );
}

/** For what always has a number: one that was emptied is there again when the field is left, and never becomes 0. */
export function onlyNumbers(set: (value: number) => void): (value: number | string) => void {
  return (value) => {
    if (typeof value === 'number') set(value);
  };
}

function rangeOf(min: number, max: number): string {
  if (!Number.isFinite(max)) return `${min} at least.`;
  return Number.isFinite(min) ? `Between ${min} and ${max}.` : `${max} at most.`;
}
