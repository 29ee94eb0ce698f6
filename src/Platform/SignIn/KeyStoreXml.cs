using System.Text;
using System.Xml.Linq;
using Kilde.Platform.Keys;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Platform.SignIn;

/// <summary>The keys that protect cookies, encrypted by the key store before they touch the disk.</summary>
internal sealed class KeyStoreXmlEncryptor(IKeyStore keys) : IXmlEncryptor
{
    internal const string Purpose = "cookies";
    internal const string KeyId = "keyEncryptionKeyId";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var clear = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var wrapped = keys.Wrap(Purpose, clear);
        var element = new XElement(
            "wrapped", new XAttribute(KeyId, wrapped.KeyEncryptionKeyId), Convert.ToBase64String(wrapped.Ciphertext));
        return new EncryptedXmlInfo(element, typeof(KeyStoreXmlDecryptor));
    }
}

/// <summary>Opens what <see cref="KeyStoreXmlEncryptor"/> wrote. Data protection makes it, by its name.</summary>
public sealed class KeyStoreXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var wrapped = new WrappedKey(
            (string)encryptedElement.Attribute(KeyStoreXmlEncryptor.KeyId)!,
            Convert.FromBase64String(encryptedElement.Value));
        var clear = services.GetRequiredService<IKeyStore>().Unwrap(KeyStoreXmlEncryptor.Purpose, wrapped);
        return XElement.Parse(Encoding.UTF8.GetString(clear));
    }
}
