using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Kilde.Platform.Keys.Pkcs11;

/// <summary>
/// The functions of a PKCS#11 library (OASIS PKCS #11 2.40) that a key store needs, and no others. A library is loaded
/// and initialized once in a process, and stays.
/// </summary>
/// <remarks>Written for Linux, where CK_ULONG is as wide as a pointer and structures are not packed.</remarks>
internal sealed class Pkcs11Module
{
    private const int FirstFunction = 8; // After the version, padded.
    private const nuint OsLockingOk = 2;
    private const nuint AlreadyInitialized = 0x191;

    private static readonly ConcurrentDictionary<string, Lazy<Pkcs11Module>> Loaded = new(StringComparer.Ordinal);

    private Pkcs11Module(string path)
    {
        var library = NativeLibrary.Load(path);
        var getList = Marshal.GetDelegateForFunctionPointer<GetFunctionListCall>(
            NativeLibrary.GetExport(library, "C_GetFunctionList"));
        Check(getList(out var list), "C_GetFunctionList");

        // The numbers are places in CK_FUNCTION_LIST.
        GetSlotList = Function<GetSlotListCall>(list, 4);
        GetTokenInfo = Function<GetTokenInfoCall>(list, 6);
        OpenSession = Function<OpenSessionCall>(list, 12);
        Login = Function<LoginCall>(list, 18);
        DestroyObject = Function<ObjectCall>(list, 22);
        GetAttributeValue = Function<AttributesCall>(list, 24);
        FindObjectsInit = Function<FindInitCall>(list, 26);
        FindObjects = Function<FindCall>(list, 27);
        FindObjectsFinal = Function<SessionCall>(list, 28);
        EncryptInit = Function<KeyedCall>(list, 29);
        Encrypt = Function<DataCall>(list, 30);
        DecryptInit = Function<KeyedCall>(list, 33);
        Decrypt = Function<DataCall>(list, 34);
        SignInit = Function<KeyedCall>(list, 42);
        Sign = Function<DataCall>(list, 43);
        GenerateKey = Function<GenerateKeyCall>(list, 58);
        GenerateKeyPair = Function<GenerateKeyPairCall>(list, 59);

        // No mutexes of ours: four null pointers, then the flag, then what is reserved.
        var initialized = Function<InitializeCall>(list, 0)([0, 0, 0, 0, OsLockingOk, 0]);
        if (initialized != AlreadyInitialized) Check(initialized, "C_Initialize");
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nuint GetFunctionListCall(out nint list);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nuint InitializeCall(nuint[] arguments);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate nuint GetSlotListCall(byte tokenPresent, nuint[]? slots, ref nuint count);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate nuint GetTokenInfoCall(nuint slot, byte[] info);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate nuint OpenSessionCall(nuint slot, nuint flags, nint application, nint notify, out nuint session);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate nuint LoginCall(nuint session, nuint userType, byte[] pin, nuint pinBytes);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate nuint SessionCall(nuint session);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate nuint ObjectCall(nuint session, nuint target);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate nuint AttributesCall(nuint session, nuint target, nint[] attributes, nuint count);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate nuint FindInitCall(nuint session, nint[] attributes, nuint count);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate nuint FindCall(nuint session, nuint[] found, nuint max, out nuint count);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate nuint KeyedCall(nuint session, nint[] mechanism, nuint key);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate nuint DataCall(nuint session, byte[] data, nuint bytes, byte[] answer, ref nuint answerBytes);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate nuint GenerateKeyCall(
        nuint session, nint[] mechanism, nint[] attributes, nuint count, out nuint key);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate nuint GenerateKeyPairCall(
        nuint session, nint[] mechanism, nint[] publicAttributes, nuint publicCount, nint[] privateAttributes,
        nuint privateCount, out nuint publicKey, out nuint privateKey);

    public GetSlotListCall GetSlotList { get; }

    public GetTokenInfoCall GetTokenInfo { get; }

    public OpenSessionCall OpenSession { get; }

    public LoginCall Login { get; }

    public ObjectCall DestroyObject { get; }

    public AttributesCall GetAttributeValue { get; }

    public FindInitCall FindObjectsInit { get; }

    public FindCall FindObjects { get; }

    public SessionCall FindObjectsFinal { get; }

    public KeyedCall EncryptInit { get; }

    public DataCall Encrypt { get; }

    public KeyedCall DecryptInit { get; }

    public DataCall Decrypt { get; }

    public KeyedCall SignInit { get; }

    public DataCall Sign { get; }

    public GenerateKeyCall GenerateKey { get; }

    public GenerateKeyPairCall GenerateKeyPair { get; }

    /// <exception cref="DllNotFoundException">There is no such library.</exception>
    public static Pkcs11Module Load(string path) =>
        Loaded.GetOrAdd(path, static path => new Lazy<Pkcs11Module>(() => new Pkcs11Module(path))).Value;

    /// <exception cref="KeyStoreException">The token refused.</exception>
    public static void Check(nuint answer, string function)
    {
        if (answer != 0) throw new KeyStoreException($"The token answered {function} with 0x{answer:X}.");
    }

    private static T Function<T>(nint list, int place)
        where T : Delegate =>
        Marshal.GetDelegateForFunctionPointer<T>(Marshal.ReadIntPtr(list, FirstFunction + (place * IntPtr.Size)));
}
