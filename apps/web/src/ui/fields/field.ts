/** @file The facts that a field component needs about its field, wherever the value is kept. */

export interface Field<T> {
  name: string;
  label: string;
  description: string | undefined;
  value: T;
  error: string | undefined;
  /** Least and greatest number that the field takes; undefined for a field without a bound, or of another type. */
  min?: number | undefined;
  max?: number | undefined;
  /** Whether the field takes whole numbers only. */
  isInteger?: boolean;
  /** The values that the field takes, where they are few. */
  choices?: readonly string[] | undefined;
  /** False once the value differs from the default. */
  isDefault: boolean;
  onChange: (value: T) => void;
}
