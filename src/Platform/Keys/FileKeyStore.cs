using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Kilde.Platform.Keys;

/// <summary>A key file is missing, damaged, or open to others than its owner.</summary>
public sealed class KeyStoreException(string message) : Exception(message);

/// <summary>
/// Keys as files in a folder that only we can enter: for development and tests. Each purpose has a folder with its
/// numbered key-encryption keys, its secret and its signing key, made when first asked for.
/// </summary>
/// <remarks>
/// A wrapped key is nonce (12 bytes), tag (16) and ciphertext under AES-256-GCM, bound to its purpose and key version.
/// A file is written aside, flushed and linked into place, so a key is whole or not there, and of two processes that
/// make the same key at once both end with the one that was first.
/// </remarks>
public sealed partial class FileKeyStore : IKeyStore
{
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const UnixFileMode OwnerFolder =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute |
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly string _folder;
    private readonly ConcurrentDictionary<string, byte[]> _read = new(StringComparer.Ordinal);

    /// <param name="folder">Made with mode 0700 when missing.</param>
    /// <exception cref="KeyStoreException">The folder can be entered by others.</exception>
    public FileKeyStore(string folder)
    {
        _folder = Path.GetFullPath(folder);
        MakeFolder(_folder);
    }

    public WrappedKey Wrap(string purpose, ReadOnlySpan<byte> dataKey)
    {
        var version = Newest(purpose);
        var ciphertext = new byte[NonceBytes + TagBytes + dataKey.Length];
        RandomNumberGenerator.Fill(ciphertext.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(Read(purpose, WrapFile(version)), TagBytes);
        cipher.Encrypt(
            ciphertext.AsSpan(0, NonceBytes), dataKey, ciphertext.AsSpan(NonceBytes + TagBytes),
            ciphertext.AsSpan(NonceBytes, TagBytes), Bound(purpose, version));
        return new WrappedKey(version.ToString(CultureInfo.InvariantCulture), ciphertext);
    }

    public byte[] Unwrap(string purpose, WrappedKey wrapped)
    {
        var version = int.Parse(wrapped.KeyEncryptionKeyId, NumberStyles.None, CultureInfo.InvariantCulture);
        var ciphertext = wrapped.Ciphertext;
        var dataKey = new byte[ciphertext.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(Read(purpose, WrapFile(version)), TagBytes);
        cipher.Decrypt(
            ciphertext.AsSpan(0, NonceBytes), ciphertext.AsSpan(NonceBytes + TagBytes),
            ciphertext.AsSpan(NonceBytes, TagBytes), dataKey, Bound(purpose, version));
        return dataKey;
    }

    public byte[] Secret(string purpose) =>
        [.. ReadOrMake(purpose, "secret.key", () => RandomNumberGenerator.GetBytes(KeyBytes))];

    public byte[] Sign(string purpose, ReadOnlySpan<byte> data)
    {
        using var key = SigningKey(purpose);
        return key.SignData(data, HashAlgorithmName.SHA256);
    }

    public bool Verify(string purpose, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        using var key = SigningKey(purpose);
        return key.VerifyData(data, signature, HashAlgorithmName.SHA256);
    }

    public void Rotate(string purpose) => MakeVersion(purpose, Newest(purpose) + 1);

    private ECDsa SigningKey(string purpose)
    {
        var stored = ReadOrMake(purpose, "sign.key", () =>
        {
            using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return made.ExportPkcs8PrivateKey();
        });
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(stored, out _);
        return key;
    }

    private int Newest(string purpose)
    {
        // Read from the folder each time: another process may have rotated the key.
        var newest = Directory.EnumerateFiles(PurposeFolder(purpose))
            .Select(path => VersionName.Match(Path.GetFileName(path)))
            .Where(match => match.Success)
            .Select(match => int.Parse(match.Groups["version"].ValueSpan, NumberStyles.None, provider: null))
            .DefaultIfEmpty(0)
            .Max();
        return newest > 0 ? newest : MakeVersion(purpose, 1);
    }

    private int MakeVersion(string purpose, int version)
    {
        ReadOrMake(purpose, WrapFile(version), () => RandomNumberGenerator.GetBytes(KeyBytes));
        return version;
    }

    private byte[] ReadOrMake(string purpose, string file, Func<byte[]> make)
    {
        var path = Path.Combine(PurposeFolder(purpose), file);
        if (!_read.ContainsKey(path) && !File.Exists(path)) WriteOnce(path, make());
        return Read(purpose, file);
    }

    private byte[] Read(string purpose, string file) =>
        _read.GetOrAdd(Path.Combine(PurposeFolder(purpose), file), static path =>
        {
            if (!File.Exists(path)) throw new KeyStoreException($"The key {Path.GetFileName(path)} is missing.");
            RefuseOpen(path, File.GetUnixFileMode(path));
            return File.ReadAllBytes(path);
        });

    private static void WriteOnce(string path, byte[] content)
    {
        var aside = $"{path}.{Guid.CreateVersion7():N}";
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerFile,
        };
        using (var stream = new FileStream(aside, options))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(aside, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(aside);
        }
    }

    private string PurposeFolder(string purpose)
    {
        if (!PurposeName.IsMatch(purpose))
            throw new ArgumentException("A purpose is a lower-case word.", nameof(purpose));
        var folder = Path.Combine(_folder, purpose);
        MakeFolder(folder);
        return folder;
    }

    private static void MakeFolder(string folder)
    {
        if (!Directory.Exists(folder)) Directory.CreateDirectory(folder, OwnerFolder);
        RefuseOpen(folder, File.GetUnixFileMode(folder));
    }

    private static void RefuseOpen(string path, UnixFileMode mode)
    {
        if ((mode & Others) != UnixFileMode.None)
            throw new KeyStoreException($"{path} is open to others than its owner; keys need 0600 and folders 0700.");
    }

    private static string WrapFile(int version) => $"wrap-{version:D6}.key";

    private static byte[] Bound(string purpose, int version) => Encoding.UTF8.GetBytes($"kilde/{purpose}/{version}");

    [GeneratedRegex(@"^wrap-(?<version>\d{6})\.key$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VersionName { get; }

    [GeneratedRegex("^[a-z][a-z0-9-]{0,39}$", RegexOptions.None, 1000)]
    private static partial Regex PurposeName { get; }
}
