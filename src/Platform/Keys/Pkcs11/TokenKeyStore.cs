using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Kilde.Platform.Keys.Pkcs11;

/// <summary>
/// Keys on a hardware module (or its double in software) behind PKCS#11: for production. They are made there when first
/// asked for, and never leave it; the module encrypts, signs and hashes.
/// </summary>
/// <remarks>
/// A wrapped key is nonce (12 bytes), ciphertext and tag (16) under AES-256-GCM, bound to its purpose and key version.
/// The purpose's secret is an HMAC under a key that stays on the token. ADR 56.
/// </remarks>
public sealed partial class TokenKeyStore : IKeyStore
{
    private const int MakeAttemptsMax = 50;
    private const int CoordinateBytes = 32;
    private static readonly byte[] SecretText = Encoding.UTF8.GetBytes("kilde secret");

    private readonly ConcurrentDictionary<string, nuint> _found = new(StringComparer.Ordinal);
    // All stores of the process, whichever token: keys are made once in an installation's life.
    private static readonly Lock Making = new();
    private readonly TokenSession _session;

    /// <exception cref="KeyStoreException">No such token, or it refuses the PIN.</exception>
    public TokenKeyStore(string modulePath, string tokenLabel, string pin) =>
        _session = new TokenSession(modulePath, tokenLabel, pin);

    public WrappedKey Wrap(string purpose, ReadOnlySpan<byte> dataKey)
    {
        var version = Newest(purpose);
        var nonce = RandomNumberGenerator.GetBytes(TokenSession.NonceBytes);
        var plain = dataKey.ToArray();
        var ciphertext = _session.Encrypt(
            KeyOf(TokenObject.SecretKey, WrapLabel(purpose, version)), nonce, plain, Bound(purpose, version));
        CryptographicOperations.ZeroMemory(plain);
        return new WrappedKey(version.ToString(CultureInfo.InvariantCulture), [.. nonce, .. ciphertext]);
    }

    public byte[] Unwrap(string purpose, WrappedKey wrapped)
    {
        var version = int.Parse(wrapped.KeyEncryptionKeyId, NumberStyles.None, CultureInfo.InvariantCulture);
        return _session.Decrypt(
            KeyOf(TokenObject.SecretKey, WrapLabel(purpose, version)),
            wrapped.Ciphertext[..TokenSession.NonceBytes], wrapped.Ciphertext[TokenSession.NonceBytes..],
            Bound(purpose, version));
    }

    public byte[] Secret(string purpose)
    {
        var label = LabelOf(purpose, "secret");
        MakeOnce(TokenObject.SecretKey, label, _session.MakeHashKey);
        return _session.Hash(KeyOf(TokenObject.SecretKey, label), SecretText);
    }

    public byte[] Sign(string purpose, ReadOnlySpan<byte> data)
    {
        var label = LabelOf(purpose, "sign");
        MakeOnce(TokenObject.PrivateKey, label, _session.MakeSigningKeys);
        return _session.SignHash(KeyOf(TokenObject.PrivateKey, label), SHA256.HashData(data));
    }

    public bool Verify(string purpose, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var label = LabelOf(purpose, "sign");
        MakeOnce(TokenObject.PrivateKey, label, _session.MakeSigningKeys);
        var (x, y) = _session.PointOf(KeyOf(TokenObject.PublicKey, label));
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = x, Y = y },
        });
        return signature.Length == 2 * CoordinateBytes && key.VerifyData(data, signature, HashAlgorithmName.SHA256);
    }

    public void Rotate(string purpose) =>
        MakeOnce(TokenObject.SecretKey, WrapLabel(purpose, Newest(purpose) + 1), _session.MakeEncryptionKey);

    // Asked of the token each time: another process may have rotated the key.
    private int Newest(string purpose)
    {
        var version = 1;
        MakeOnce(TokenObject.SecretKey, WrapLabel(purpose, version), _session.MakeEncryptionKey);
        while (Has(TokenObject.SecretKey, WrapLabel(purpose, version + 1))) version++;
        return version;
    }

    private bool Has(TokenObject kind, string label) =>
        _found.ContainsKey($"{kind} {label}") || _session.Find(kind, label).Count > 0;

    // A key that is being made may be taken away again by its maker, so none is looked up meanwhile.
    private nuint KeyOf(TokenObject kind, string label) => _found.GetOrAdd(
        $"{kind} {label}",
        _ =>
        {
            lock (Making)
            {
                return _session.Find(kind, label) is [var one]
                    ? one
                    : throw new KeyStoreException($"The key {label} is not on the token, or not alone.");
            }
        });

    /// <summary>
    /// A token lets two keys have one label. Who has made a key and sees another beside it takes its own away and looks
    /// again: of processes that make the same key at once, at most one keeps it.
    /// </summary>
    private void MakeOnce(TokenObject kind, string label, Func<string, nuint[]> make)
    {
        lock (Making)
        {
            for (var attempt = 1; attempt <= MakeAttemptsMax; attempt++)
            {
                if (Has(kind, label)) return;
                var made = make(label);
                if (_session.Find(kind, label).Count == 1) return;
                foreach (var own in made) _session.Destroy(own);
            }
        }

        throw new KeyStoreException($"The key {label} is being made by others all the time.");
    }

    private static string LabelOf(string purpose, string name) => PurposeName.IsMatch(purpose)
        ? $"kilde/{purpose}/{name}"
        : throw new ArgumentException("A purpose is a lower-case word.", nameof(purpose));

    private static string WrapLabel(string purpose, int version) => LabelOf(purpose, $"wrap-{version:D6}");

    private static byte[] Bound(string purpose, int version) => Encoding.UTF8.GetBytes($"kilde/{purpose}/{version}");

    [GeneratedRegex("^[a-z][a-z0-9-]{0,39}$", RegexOptions.None, 1000)]
    private static partial Regex PurposeName { get; }
}
