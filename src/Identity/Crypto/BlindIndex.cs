using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Kilde.Kernel;

namespace Kilde.Identity.Crypto;

/// <summary>
/// The keyed hash an identifier is found by: the first 128 bits of HMAC-SHA-256 (RFC 4868) over kind, scope and digits.
/// Without the pepper, which is not in the database, nobody can try numbers against it.
/// </summary>
internal sealed class BlindIndex(byte[] pepper)
{
    /// <summary>Longest local patient number, in characters.</summary>
    public const int LocalIdCharactersMax = 200;

    /// <summary>Longest name an institution has for itself (NPR's institusjonID), in characters.</summary>
    public const int InstitutionCharactersMax = 100;

    private const int HeadBytes = 1 + sizeof(int);
    private const int ScopeNone = 0;

    // Kept with the key set up: that costs several times the hash of so short a text.
    private readonly ConcurrentBag<IncrementalHash> _keyed = [];

    /// <summary>Help numbers are internal to an institution; the others mean the same everywhere (F10).</summary>
    public Guid Of(PersonIdentifier identifier, OrganizationNumber scope)
    {
        Span<byte> text = stackalloc byte[HeadBytes + 12];
        var kind = (StoredKind)identifier.Kind;
        WriteHead(text, kind, kind == StoredKind.HNumber ? scope.Number : ScopeNone);
        var digits = identifier.Reveal(text[HeadBytes..]);
        return Hash(text[..(HeadBytes + digits)]);
    }

    public Guid OfLocal(string localId, OrganizationNumber scope)
    {
        if (localId.Length is 0 or > LocalIdCharactersMax)
            throw new ArgumentException($"A local number has 1 to {LocalIdCharactersMax} characters.", nameof(localId));
        Span<byte> text = stackalloc byte[HeadBytes + (LocalIdCharactersMax * 3)];
        WriteHead(text, StoredKind.LocalNumber, scope.Number);
        var length = Encoding.UTF8.GetBytes(localId, text[HeadBytes..]);
        return Hash(text[..(HeadBytes + length)]);
    }

    /// <summary>A patient number means something within its institution only, whoever sends it.</summary>
    public Guid OfPatient(string number, string institution)
    {
        if (number.Length is 0 or > LocalIdCharactersMax)
        {
            throw new ArgumentException(
                $"A patient number has 1 to {LocalIdCharactersMax} characters.", nameof(number));
        }

        if (institution.Length is 0 or > InstitutionCharactersMax)
        {
            throw new ArgumentException(
                $"An institution has 1 to {InstitutionCharactersMax} characters.", nameof(institution));
        }

        Span<byte> text = stackalloc byte[1 + sizeof(short) + ((InstitutionCharactersMax + LocalIdCharactersMax) * 3)];
        text[0] = (byte)StoredKind.PatientNumber;
        var length = Encoding.UTF8.GetBytes(institution, text[(1 + sizeof(short))..]);
        BinaryPrimitives.WriteInt16BigEndian(text[1..], (short)length);
        length += 1 + sizeof(short);
        length += Encoding.UTF8.GetBytes(number, text[length..]);
        return Hash(text[..length]);
    }

    private static void WriteHead(Span<byte> text, StoredKind kind, int scope)
    {
        text[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(text[1..], scope);
    }

    private Guid Hash(ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (!_keyed.TryTake(out var keyed)) keyed = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, pepper);
        keyed.AppendData(text);
        keyed.GetHashAndReset(hash);
        _keyed.Add(keyed);
        return new Guid(hash[..16], bigEndian: true);
    }
}

/// <summary>What a row of the vault identifies by: the kinds of the kernel, and two of local numbers.</summary>
internal enum StoredKind : byte
{
    HNumber = PersonIdentifierKind.HNumber,
    LocalNumber = 6,
    PatientNumber = 7,
}
