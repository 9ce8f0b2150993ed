/** @file The look: one accent, system font, 4-px grid, radius 6, contrast of at least 4.5 in both themes. */
import {
  Anchor,
  Button,
  Checkbox,
  Loader,
  Modal,
  NumberInput,
  Progress,
  Select,
  Textarea,
  TextInput,
  Tooltip,
  createTheme,
  type CSSVariablesResolver,
  type MantineThemeOverride,
} from "@mantine/core";
import type { SyntheticEvent } from "react";

/** Explanations stand below, so that fields side by side are level, however long their explanations are. */
const BELOW: ("label" | "input" | "description" | "error")[] = ["label", "input", "description", "error"];

function markText({ currentTarget }: SyntheticEvent<HTMLInputElement>): void {
  currentTarget.select();
}

export const theme: MantineThemeOverride = createTheme({
  primaryColor: "spruce",
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  colors: {
    spruce: [
      "#eefaf7",
      "#d9f1eb",
      "#b3e2d7",
      "#84d0bf",
      "#58bba7",
      "#33a08c",
      "#187867",
      "#116b5c",
      "#0e564b",
      "#0b433b",
    ],
    gray: [
      "#f7f8f8",
      "#eff1f1",
      "#e3e6e6",
      "#d3d7d8",
      "#b9bfc0",
      "#8f9798",
      "#687172",
      "#4b5354",
      "#323839",
      "#1d2122",
    ],
    dark: [
      "#dfe3e3",
      "#bcc3c4",
      "#98a1a2",
      "#6b7576",
      "#3d4546",
      "#2f3637",
      "#252b2c",
      "#1b2021",
      "#151919",
      "#0f1212",
    ],
  },
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Code', 'DejaVu Sans Mono', Menlo, Consolas, monospace",
  fontWeights: { medium: "500" },
  defaultRadius: 6,
  cursorType: "pointer",
  respectReducedMotion: true,
  headings: { fontWeight: "600" },
  components: {
    // Colour alone does not tell a link from the text around it.
    Anchor: Anchor.extend({ defaultProps: { underline: "always" } }),
    Button: Button.extend({ defaultProps: { size: "sm" } }),
    TextInput: TextInput.extend({ defaultProps: { size: "sm", inputWrapperOrder: BELOW } }),
    Textarea: Textarea.extend({ defaultProps: { size: "sm", inputWrapperOrder: BELOW } }),
    NumberInput: NumberInput.extend({ defaultProps: { size: "sm", inputWrapperOrder: BELOW } }),
    Select: Select.extend({
      defaultProps: {
        size: "sm",
        inputWrapperOrder: BELOW,
        allowDeselect: false,
        checkIconPosition: "right",
        // Every list is found in by typing. What is typed replaces the shown choice, which is marked for that.
        searchable: true,
        selectFirstOptionOnChange: true,
        nothingFoundMessage: "Nothing with these letters",
        openOnFocus: false,
        onFocus: markText,
        onClick: markText,
      },
    }),
    Progress: Progress.extend({ defaultProps: { color: "var(--lx-accent)" } }),
    Loader: Loader.extend({ defaultProps: { color: "var(--lx-accent)" } }),
    Checkbox: Checkbox.extend({ defaultProps: { size: "sm" } }),
    Modal: Modal.extend({
      defaultProps: { centered: true, closeButtonProps: { "aria-label": "Close" }, transitionProps: { duration: 120 } },
    }),
    Tooltip: Tooltip.extend({
      defaultProps: { withArrow: true, openDelay: 300, events: { hover: true, focus: true, touch: false } },
    }),
  },
});

/** Mantine's dimmed, placeholder and error colours fall short of AA; these do not. `--lx-*` are our own surfaces. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {
    "--lx-header-height": "52px",
    "--lx-tabbar-height": "56px",
  },
  light: {
    "--mantine-color-body": "#ffffff",
    "--mantine-color-text": "#1d2122",
    "--mantine-color-dimmed": "#596263",
    "--mantine-color-placeholder": "#6a7374",
    "--mantine-color-error": "#c02626",
    "--mantine-color-anchor": "#116b5c",
    "--mantine-color-default-border": "#cbd0d1",
    "--lx-surface": "#f6f8f7",
    "--lx-surface-2": "#ebeeee",
    "--lx-border": "#e1e5e5",
    "--lx-accent": "#116b5c",
    "--lx-accent-soft": "#e4f3ef",
    "--lx-warning": "#8a5300",
    "--lx-warning-soft": "#fdf3e0",
    "--lx-danger-soft": "#fdecec",
    // Colours behind a prompt's text; a smaller weight makes them thinner.
    "--lx-field": "#ffffff",
    "--lx-strong": "240 124 0",
    "--lx-weak": "40 122 214",
    "--lx-syntax": "124 92 214",
  },
  dark: {
    "--mantine-color-body": "#151919",
    "--mantine-color-text": "#dfe3e3",
    "--mantine-color-dimmed": "#9ba5a6",
    "--mantine-color-placeholder": "#879192",
    "--mantine-color-error": "#ff8f8f",
    "--mantine-color-anchor": "#7ccdbc",
    "--mantine-color-default": "#1b2021",
    "--mantine-color-default-hover": "#252b2c",
    "--mantine-color-default-border": "#3d4546",
    "--lx-surface": "#1a1f1f",
    "--lx-surface-2": "#242a2b",
    "--lx-border": "#2a3031",
    "--lx-accent": "#7ccdbc",
    "--lx-accent-soft": "#18322d",
    "--lx-warning": "#f0bd6a",
    "--lx-warning-soft": "#332813",
    "--lx-danger-soft": "#371d1d",
    "--lx-field": "#252b2c",
    "--lx-strong": "226 110 12",
    "--lx-weak": "52 122 214",
    "--lx-syntax": "146 120 236",
  },
});
