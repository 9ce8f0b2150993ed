/** @file A1111's name of the script, in its menu and in infotexts. */

export const XYZ_SCRIPT = "X/Y/Z plot";
