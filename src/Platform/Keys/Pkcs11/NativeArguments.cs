using System.Runtime.InteropServices;

namespace Kilde.Platform.Keys.Pkcs11;

/// <summary>Memory that a call points into, for as long as the call lasts. Wiped when it is given back.</summary>
internal sealed class NativeArguments : IDisposable
{
    private readonly List<(nint Place, int Bytes)> _held = [];

    /// <summary>CK_MECHANISM: type, parameter and its length.</summary>
    public nint[] Mechanism(nuint type, byte[]? parameter = null) =>
        [(nint)type, parameter is null ? 0 : Copy(parameter), parameter?.Length ?? 0];

    /// <summary>CK_GCM_PARAMS for a whole nonce and a tag of 128 bits.</summary>
    public nint[] Gcm(nuint type, byte[] nonce, byte[] associated)
    {
        var parameter = Allocate(6 * IntPtr.Size);
        nint[] fields = [Copy(nonce), nonce.Length, nonce.Length * 8, Copy(associated), associated.Length, 128];
        Marshal.Copy(fields, 0, parameter, fields.Length);
        return [(nint)type, parameter, 6 * IntPtr.Size];
    }

    /// <summary>CK_ATTRIBUTE, one after the other: type, value and its length.</summary>
    public nint[] Attributes(params (nuint Type, object Value)[] attributes)
    {
        var flat = new nint[attributes.Length * 3];
        for (var i = 0; i < attributes.Length; i++)
        {
            var value = BytesOf(attributes[i].Value);
            (flat[3 * i], flat[(3 * i) + 1], flat[(3 * i) + 2]) =
                ((nint)attributes[i].Type, Copy(value), value.Length);
        }

        return flat;
    }

    /// <summary>Room for an answer.</summary>
    public nint Allocate(int bytes)
    {
        var place = Marshal.AllocHGlobal(bytes);
        _held.Add((place, bytes));
        return place;
    }

    public void Dispose()
    {
        foreach (var (place, bytes) in _held)
        {
            Marshal.Copy(new byte[bytes], 0, place, bytes);
            Marshal.FreeHGlobal(place);
        }

        _held.Clear();
    }

    private nint Copy(byte[] bytes)
    {
        var place = Allocate(Math.Max(1, bytes.Length));
        Marshal.Copy(bytes, 0, place, bytes.Length);
        return place;
    }

    private static byte[] BytesOf(object value) => value switch
    {
        bool flag => [flag ? (byte)1 : (byte)0],
        nuint number => BitConverter.GetBytes((ulong)number),
        string text => System.Text.Encoding.UTF8.GetBytes(text),
        byte[] bytes => bytes,
        _ => throw new ArgumentException("An attribute is a flag, a number, a text or bytes.", nameof(value)),
    };
}
