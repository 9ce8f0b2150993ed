/** @file The form of the Train tab: its settings as they are typed, kept over a reload. */
import type { TrainSettingsSchema } from "@lexeme/domain/settings";
import type { PersistentForm } from "../../../parts/form/persistent-form.ts";

export type TrainForm = PersistentForm<typeof TrainSettingsSchema>;
