/** @file A request that a press sends: react-query's mutation, except that the second press of a double click does nothing. */
import { useMutation, type UseMutationOptions, type UseMutationResult } from "@tanstack/react-query";
import { useState } from "react";
import { DoublePress } from "./double-press.ts";

export type Action<T, E, V> = UseMutationResult<T, E, V> & {
  /** Whether the action began a moment ago, for what a press does before it sends the request. */
  justBegan: () => boolean;
};

/** `useMutation` whose `mutate` leaves out a press that repeats the one before, with the same variables. After a failure every press counts. */
export function useAction<T, E = Error, V = void>(options: UseMutationOptions<T, E, V>): Action<T, E, V> {
  const [press] = useState(() => new DoublePress());
  const mutation = useMutation<T, E, V>({
    ...options,
    onError: (...args) => {
      press.refused();
      return options.onError?.(...args);
    },
  });
  return {
    ...mutation,
    mutate: (...args) => {
      if (press.begins(args[0])) mutation.mutate(...args);
    },
    justBegan: () => press.justBegan(),
  };
}
