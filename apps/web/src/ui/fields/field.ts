/** @file What a field component needs to know about its field, whoever keeps the value. */

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
