using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Kilde.Platform.Keys.Pkcs11;

/// <summary>Kinds of object on a token (CKO).</summary>
internal enum TokenObject
{
    PublicKey = 2,
    PrivateKey = 3,
    SecretKey = 4,
}

/// <summary>A session with one token, signed in. Its calls come one at a time.</summary>
/// <remarks>Keys are made on the token, may not be read, and are found by their label.</remarks>
internal sealed class TokenSession
{
    public const int NonceBytes = 12;
    public const int TagBytes = 16;

    private const int LabelBytes = 32;
    private const int TokenInfoBytesMax = 512;
    private const int AnswerBytesMin = 256;
    private const int PointBytesMax = 256;
    private const int FoundMax = 16;
    private const nuint ReadWriteSerial = 2 | 4;
    private const nuint User = 1;
    private const nuint AlreadySignedIn = 0x100;
    private const nuint GeneralError = 0x5; // What SoftHSM says of a wrong tag.
    private const nuint InvalidData = 0x40;
    private const nuint InvalidLength = 0x41;

    // CKA, CKK and CKM of PKCS #11 2.40.
    private const nuint Class = 0x0, OnToken = 0x1, Private = 0x2, Label = 0x3, KeyType = 0x100, Sensitive = 0x103;
    private const nuint Encrypts = 0x104, Decrypts = 0x105, Signs = 0x108, Verifies = 0x10A, ValueLength = 0x161;
    private const nuint Extractable = 0x162, EcParameters = 0x180, EcPoint = 0x181;
    private const nuint GenericSecret = 0x10, Aes = 0x1F, Ec = 0x3;
    private const nuint GenerateGenericSecret = 0x350, GenerateAes = 0x1080, GenerateEc = 0x1040;
    private const nuint AesGcm = 0x1087, HmacSha256 = 0x251, Ecdsa = 0x1041;
    private const nuint KeyBytes = 32;

    // The object identifier of P-256, in DER.
    private static readonly byte[] P256 = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];

    private readonly Lock _lock = new();
    private readonly Pkcs11Module _module;
    private readonly nuint _session;

    /// <exception cref="KeyStoreException">No such token, or it refuses the PIN.</exception>
    public TokenSession(string modulePath, string tokenLabel, string pin)
    {
        _module = Pkcs11Module.Load(modulePath);
        Pkcs11Module.Check(
            _module.OpenSession(SlotOf(tokenLabel), ReadWriteSerial, 0, 0, out _session), "C_OpenSession");
        var bytes = Encoding.UTF8.GetBytes(pin);
        var answer = _module.Login(_session, User, bytes, (nuint)bytes.Length);
        CryptographicOperations.ZeroMemory(bytes);
        if (answer != AlreadySignedIn) Pkcs11Module.Check(answer, "C_Login");
    }

    /// <summary>All keys of a kind that bear a label: one, or none, or several for a moment (ADR 56).</summary>
    public IReadOnlyList<nuint> Find(TokenObject kind, string label)
    {
        using var arguments = new NativeArguments();
        lock (_lock)
        {
            var wanted = arguments.Attributes((Class, (nuint)kind), (Label, label));
            Pkcs11Module.Check(_module.FindObjectsInit(_session, wanted, 2), "C_FindObjectsInit");
            var found = new nuint[FoundMax];
            var answer = _module.FindObjects(_session, found, FoundMax, out var count);
            Pkcs11Module.Check(_module.FindObjectsFinal(_session), "C_FindObjectsFinal");
            Pkcs11Module.Check(answer, "C_FindObjects");
            return found[..(int)count];
        }
    }

    /// <summary>A key that encrypts other keys.</summary>
    public nuint[] MakeEncryptionKey(string label) => Make(
        label, GenerateAes, (KeyType, Aes), (ValueLength, KeyBytes), (Encrypts, true), (Decrypts, true));

    /// <summary>A key for keyed hashes.</summary>
    public nuint[] MakeHashKey(string label) => Make(
        label, GenerateGenericSecret, (KeyType, GenericSecret), (ValueLength, KeyBytes), (Signs, true),
        (Verifies, true));

    /// <returns>The private and the public key.</returns>
    public nuint[] MakeSigningKeys(string label)
    {
        using var arguments = new NativeArguments();
        var open = arguments.Attributes(
            (Class, (nuint)TokenObject.PublicKey), (KeyType, Ec), (OnToken, true), (Private, false), (Label, label),
            (EcParameters, P256), (Verifies, true));
        var closed = arguments.Attributes(
            (Class, (nuint)TokenObject.PrivateKey), (KeyType, Ec), (OnToken, true), (Private, true), (Label, label),
            (Sensitive, true), (Extractable, false), (Signs, true));
        lock (_lock)
        {
            Pkcs11Module.Check(
                _module.GenerateKeyPair(
                    _session, arguments.Mechanism(GenerateEc), open, (nuint)open.Length / 3, closed,
                    (nuint)closed.Length / 3, out var publicKey, out var privateKey),
                "C_GenerateKeyPair");
            return [privateKey, publicKey];
        }
    }

    public void Destroy(nuint key)
    {
        lock (_lock) Pkcs11Module.Check(_module.DestroyObject(_session, key), "C_DestroyObject");
    }

    /// <summary>Ciphertext and tag.</summary>
    public byte[] Encrypt(nuint key, byte[] nonce, byte[] plain, byte[] associated)
    {
        using var arguments = new NativeArguments();
        return Run(
            _module.EncryptInit, _module.Encrypt, "C_Encrypt", arguments.Gcm(AesGcm, nonce, associated), key, plain);
    }

    public byte[] Decrypt(nuint key, byte[] nonce, byte[] ciphertextAndTag, byte[] associated)
    {
        using var arguments = new NativeArguments();
        return Run(
            _module.DecryptInit, _module.Decrypt, "C_Decrypt", arguments.Gcm(AesGcm, nonce, associated), key,
            ciphertextAndTag);
    }

    /// <summary>HMAC-SHA-256.</summary>
    public byte[] Hash(nuint key, byte[] data)
    {
        using var arguments = new NativeArguments();
        return Run(_module.SignInit, _module.Sign, "C_Sign", arguments.Mechanism(HmacSha256), key, data);
    }

    /// <summary>ECDSA over a hash: both numbers, one after the other.</summary>
    public byte[] SignHash(nuint key, byte[] hash)
    {
        using var arguments = new NativeArguments();
        return Run(_module.SignInit, _module.Sign, "C_Sign", arguments.Mechanism(Ecdsa), key, hash);
    }

    /// <summary>The point of a public P-256 key: 32 bytes X and 32 bytes Y.</summary>
    public (byte[] X, byte[] Y) PointOf(nuint publicKey)
    {
        using var arguments = new NativeArguments();
        var place = arguments.Allocate(PointBytesMax);
        nint[] wanted = [(nint)EcPoint, place, PointBytesMax];
        lock (_lock)
        {
            Pkcs11Module.Check(
                _module.GetAttributeValue(_session, publicKey, wanted, 1), "C_GetAttributeValue");
        }

        // In DER: an octet string that holds 04, X and Y.
        var point = new byte[wanted[2]];
        Marshal.Copy(place, point, 0, point.Length);
        return point is [0x04, 0x41, 0x04, ..] && point.Length == 67
            ? (point[3..35], point[35..])
            : throw new KeyStoreException("The token's public key is no point on P-256.");
    }

    private nuint[] Make(string label, nuint mechanism, params ReadOnlySpan<(nuint Type, object Value)> particular)
    {
        using var arguments = new NativeArguments();
        var attributes = arguments.Attributes(
        [
            (Class, (nuint)TokenObject.SecretKey), (OnToken, true), (Private, true), (Label, label), (Sensitive, true),
            (Extractable, false), .. particular,
        ]);
        lock (_lock)
        {
            Pkcs11Module.Check(
                _module.GenerateKey(
                    _session, arguments.Mechanism(mechanism), attributes, (nuint)attributes.Length / 3, out var key),
                "C_GenerateKey");
            return [key];
        }
    }

    private byte[] Run(
        Pkcs11Module.KeyedCall begin, Pkcs11Module.DataCall run, string function, nint[] mechanism, nuint key,
        byte[] data)
    {
        var answer = new byte[Math.Max(AnswerBytesMin, data.Length + TagBytes)];
        var bytes = (nuint)answer.Length;
        lock (_lock)
        {
            Pkcs11Module.Check(begin(_session, mechanism, key), $"{function}Init");
            var outcome = run(_session, data, (nuint)data.Length, answer, ref bytes);
            if (run == _module.Decrypt && outcome is (GeneralError or InvalidData or InvalidLength))
                throw new CryptographicException("The wrapped key does not open.");
            Pkcs11Module.Check(outcome, function);
        }

        var exact = answer[..(int)bytes];
        CryptographicOperations.ZeroMemory(answer);
        return exact;
    }

    private nuint SlotOf(string tokenLabel)
    {
        nuint count = 0;
        Pkcs11Module.Check(_module.GetSlotList(1, null, ref count), "C_GetSlotList");
        var slots = new nuint[count];
        Pkcs11Module.Check(_module.GetSlotList(1, slots, ref count), "C_GetSlotList");
        foreach (var slot in slots[..(int)count])
        {
            var info = new byte[TokenInfoBytesMax];
            Pkcs11Module.Check(_module.GetTokenInfo(slot, info), "C_GetTokenInfo");
            if (Encoding.UTF8.GetString(info, 0, LabelBytes).TrimEnd() == tokenLabel) return slot;
        }

        throw new KeyStoreException($"There is no token «{tokenLabel}».");
    }
}
