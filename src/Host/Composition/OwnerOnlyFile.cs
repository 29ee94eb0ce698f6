namespace Kilde.Host.Composition;

/// <summary>Files that hold secrets: made so that only their owner can read them, from the first byte on.</summary>
public static class OwnerOnlyFile
{
    public static FileStream Open(string file, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(file, options);
    }

    /// <summary>
    /// Writes a file that is there whole or not at all; until then, what was there stays. What is no file, such as
    /// <c>/dev/stdout</c> or a pipe, is written as it is.
    /// </summary>
    /// <returns>How many bytes the file has; null when it is no file.</returns>
    public static async Task<long?> WriteWholeAsync(string file, Func<Stream, Task> writeAsync)
    {
        if (OpenWhatIsNoFile(file) is { } open)
        {
            await using (open) await writeAsync(open);
            return null;
        }

        // A link still leads to what is written.
        var target = TargetOf(file);
        var temporary = $"{target}.{Guid.CreateVersion7():N}.part";
        try
        {
            long length;
            await using (var content = Open(temporary, FileMode.CreateNew))
            {
                await writeAsync(content);
                length = content.Length;
            }

            File.Move(temporary, target, overwrite: true);
            return length;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    // Opened once: who reads a pipe takes it for ended when it is closed. At its end: what a shell adds to stays.
    private static FileStream? OpenWhatIsNoFile(string file)
    {
        if (!Path.Exists(file)) return null;
        var open = Open(file, FileMode.Append);
        if (!open.CanSeek || IsDevice(file) || IsDevice(TargetOf(file))) return open;
        open.Dispose();
        return null;
    }

    private static string TargetOf(string file) => new FileInfo(file).LinkTarget is null
        ? file
        : File.ResolveLinkTarget(file, returnFinalTarget: true)!.FullName;

    // Some devices can be sought in. What lies in shared memory are files.
    private static bool IsDevice(string path)
    {
        var full = Path.GetFullPath(path);
        return full.StartsWith("/dev/", StringComparison.Ordinal)
            && !full.StartsWith("/dev/shm/", StringComparison.Ordinal);
    }
}
