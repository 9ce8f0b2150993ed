export { Bin, type BinFolders } from "./bin.ts";
export { isCaptionName, MAX_CAPTION_BYTES, readCaptionFile } from "./caption-file.ts";
export { byName, DatasetFolder, readCaption, writeCaption, type FolderPicture } from "./dataset-folder.ts";
export {
  encodeEmbedding,
  loadEmbeddingFile,
  namingEmbedding,
  widthMisfit,
  type LoadedEmbedding,
} from "./embedding-file.ts";
export { EmbeddingHistories, type EmbeddingHistory, type HistoryRun } from "./embedding-history.ts";
export {
  EmbeddingFolder,
  findEmbedding,
  isOnlyWord,
  registeredWords,
  type EmbeddingEntry,
  type EmbeddingRef,
} from "./embedding-folder.ts";
export { captionOfFileName } from "./file-name-words.ts";
export { FileFacts, isRefusal } from "./file-facts.ts";
export { fileNameOf, requireFileName } from "./file-name.ts";
export { localDateTime, localDay, localSecond } from "./local-date.ts";
export {
  fileNames,
  folderNames,
  openRegularFile,
  readRegularFile,
  readWholeFile,
  walkFiles,
  type OpenedFile,
  type WalkedFile,
} from "./folder-walk.ts";
export { isTemporaryName, removeLeftovers, temporaryPath } from "./leftover-files.ts";
export { inStepOrder, LossLog, readLossLog } from "./loss-log.ts";
export { finishNotedMove, moveNoted, type NotedMove } from "./noted-move.ts";
export { readOptimizerFile, writeOptimizerFile, type LossBefore, type OptimizerFile } from "./optimizer-file.ts";
export {
  isPictureName,
  notAPicture,
  requirePictureName,
  openPicture,
  pictureFault,
  pictureSize,
  pictureType,
  readPictureFile,
  requireNoDrawing,
  requirePictureFile,
  requireSmallDecoding,
} from "./picture-file.ts";
export { isSameFile, moveFile } from "./move-file.ts";
export {
  keepsCaption,
  planPreprocess,
  requireRoom,
  type PlannedPicture,
  type PlannedVariant,
  type PreprocessPlan,
} from "./preprocess-plan.ts";
export { RunFolder, runFolderOfCopy, runPathOf } from "./run-folder.ts";
export { RunFolders, type FoundCopy } from "./run-folders.ts";
export { renameRun } from "./run-name.ts";
export type { PresentEmbedding } from "./run-owners.ts";
export { RunRecord, type FixedLoss, type RunEnding } from "./run-record.ts";
export { TemplateFolder } from "./template-folder.ts";
export { decodeText, encodeText } from "./text-file.ts";
export { TokenTable, type TokenBlock } from "./token-table.ts";
export { trainedFile } from "./trained-file.ts";
export { inTurn } from "./turns.ts";
export { diskFull, makeFolder, writeWholeFile } from "./whole-file.ts";
