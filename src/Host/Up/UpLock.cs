namespace Kilde.Host.Up;

/// <summary>One <c>kilde up</c> per data folder: the lock is an open file, so it ends with the process.</summary>
internal sealed class UpLock : IDisposable
{
    private readonly FileStream _file;

    private UpLock(FileStream file) => _file = file;

    public static UpLock Take(string dataFolder)
    {
        try
        {
            Directory.CreateDirectory(dataFolder);
            return new UpLock(new FileStream(
                Path.Combine(dataFolder, "up.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            throw new UpException(
                $"Kilde is already running on {dataFolder}. Stop it with Ctrl-C there, "
                + "or set KILDE_DATA to another folder.");
        }
    }

    public void Dispose() => _file.Dispose();
}
