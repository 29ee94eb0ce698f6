using System.Security.Cryptography;
using ICSharpCode.SharpZipLib.Zip;

namespace Kilde.Quality.Sending;

/// <summary>One file in a zip that is encrypted with AES-256 under a password (WinZip's AE-2).</summary>
public static class ProtectedZip
{
    private const int KeyBits = 256;
    private const int Level = 9;

    public static byte[] Write(string fileName, byte[] content, string password, DateTimeOffset at)
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipOutputStream(buffer) { IsStreamOwner = false, Password = password })
        {
            zip.SetLevel(Level);
            zip.PutNextEntry(new ZipEntry(fileName)
            {
                AESKeySize = KeyBits, DateTime = at.UtcDateTime, Size = content.Length, IsUnicodeText = true,
            });
            zip.Write(content);
            zip.CloseEntry();
        }

        return buffer.ToArray();
    }
}

/// <summary>Makes passwords that can be read from a telephone and typed without doubt.</summary>
internal static class NewPassword
{
    // Without 0, 1, i, l and o. Sixteen of 31 give 79 bits; AE-2 stretches a password only a thousand times.
    private const string Characters = "23456789abcdefghjkmnpqrstuvwxyz";
    private const int Groups = 4;
    private const int GroupLength = 4;

    /// <summary>Such as <c>k7mf-q2xw-9bhd-t4ne</c>.</summary>
    public static string Make() => string.Join('-', Enumerable.Range(0, Groups)
        .Select(_ => RandomNumberGenerator.GetString(Characters, GroupLength)));
}
