/** @file The facts that a field component needs about its field, wherever the value is kept. */

export interface Field<T> {
  name: string;
  label: string;
  description: string | undefined;
  value: T;
  error: string | undefined;
  /** False once the value differs from the default. */
  isDefault: boolean;
  onChange: (value: T) => void;
}
