/** @file Asks for name and password when the server wants them. */
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import { useAction } from "../../api/use-action.ts";
import { messageOf } from "../../ui/feedback/message-of.ts";
import { call } from "../../api/client.ts";
import { resumeLive } from "../../state/live.ts";
import styles from "./sign-in-page.module.css";

export function SignInPage(): ReactNode {
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useAction({
    mutationFn: () => call("signIn", { body: { user, password } }),
    onSuccess: resumeLive,
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    signIn.mutate();
  }
  return (
    <main className={styles["page"]}>
      <form className={styles["form"]} onSubmit={submit}>
        <h1>Sign in to Lexeme</h1>
        <TextInput
          label="User"
          name="username"
          autoComplete="username"
          autoFocus
          value={user}
          onChange={(event) => setUser(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={signIn.isError ? messageOf(signIn.error) : undefined}
        />
        <Button type="submit" size="md" fullWidth loading={signIn.isPending} disabled={user === "" || password === ""}>
          Sign in
        </Button>
        <p>The person who started the server chose the user and the password with --auth.</p>
      </form>
    </main>
  );
}
