namespace Kilde.Host.Composition;

/// <summary>Files that hold secrets: made so that only their owner can read them, from the first byte on.</summary>
internal static class OwnerOnlyFile
{
    public static FileStream Open(string file, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(file, options);
    }
}
